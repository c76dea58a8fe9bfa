import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { S3_KEYS, type S3Server, startS3 } from '#tests/s3-server.ts'
import { logStore } from './public-store.ts'

const directory = mkdtempSync(join(tmpdir(), 'an-tam-public-'))
const setting: { STORAGE_URL?: string } = {}
vi.mock('./env.ts', () => ({
  env: () => ({
    AWS_ACCESS_KEY_ID: S3_KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: S3_KEYS.secretAccessKey,
    LOG_LEVEL: 'silent',
    DATA_DIR: directory,
    ...setting,
  }),
}))

let s3: S3Server
beforeAll(async () => {
  s3 = await startS3()
})
afterAll(async () => {
  await s3.close()
  rmSync(directory, { recursive: true, force: true })
})

const HEADERS = { 'content-type': 'text/plain', 'cache-control': 'public, max-age=5' }

describe.each(['disk', 's3'])('on %s', (kind) => {
  const store = () => {
    if (kind === 's3') setting.STORAGE_URL = s3.url
    else delete setting.STORAGE_URL
    return logStore()
  }

  test('a file is there as it was put last, until it is removed', async () => {
    const path = 'tile/entries/x001/000.p/3'
    expect(await store().get(path)).toBeNull()
    await store().put(path, Buffer.from('first'), HEADERS)
    await store().put(path, Buffer.from('second'), HEADERS)
    expect(Buffer.from((await store().get(path)) ?? []).toString()).toBe('second')
    await store().remove(path)
    await store().remove(path)
    expect(await store().get(path)).toBeNull()
  })

  test.each(['', '/etc/passwd', '../secrets.json', 'tile/../x', 'tile//0', 'Tile', 'a\0b', '.half'])(
    'no file has the path %j',
    async (path) => {
      await expect(async () => store().get(path)).rejects.toThrow('not a path of a public file')
      await expect(async () => store().put(path, Buffer.from('x'), HEADERS)).rejects.toThrow()
    },
  )
})

test('any web server may read what lies on a disk, and nothing half written stays', async () => {
  delete setting.STORAGE_URL
  await logStore().put('checkpoint', Buffer.from('x'), HEADERS)
  await expect(logStore().put('checkpoint/below', Buffer.from('x'), HEADERS)).rejects.toThrow()
  expect(readdirSync(join(directory, 'log')).filter((name) => name !== 'tile')).toEqual(['checkpoint'])
  expect(statSync(join(directory, 'log', 'checkpoint')).mode & 0o777).toBe(0o644)
  expect(readFileSync(join(directory, 'log', 'checkpoint'), 'utf8')).toBe('x')
})
