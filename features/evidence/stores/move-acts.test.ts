import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { checkInstallation, leaveStore } from '#features/installation/acts.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { CaseKey } from '#platform/crypto.ts'
import { env } from '#platform/env.ts'
import { inScope } from '#platform/scope.ts'
import { stores } from '#platform/storage.ts'
import { storedCaseKey } from '#tests/case-key.ts'
import { db } from '#tests/db.ts'
import { S3_KEYS, type S3Server, startS3 } from '#tests/s3-server.ts'
import { run as runCommand } from '../../../scripts/run.ts'
import { openBytes, removeFiles, store, storeBytes } from '../files.ts'
import { clearLeft } from './clear-acts.ts'
import { compareFiles, type Finding } from './compare-data.ts'
import { moveFiles } from './move-acts.ts'

const disk = mkdtempSync(join(tmpdir(), 'antam-move-'))
let s3: S3Server
let key: CaseKey
const NOW = new Date('2026-11-28T03:00:00Z')
const variables = () => env() as { STORAGE_URL?: string | undefined; STORAGE_URL_ALSO?: string | undefined }

beforeAll(async () => {
  s3 = await startS3()
  Object.assign(process.env, {
    STORAGE_URL: `file:${disk}`,
    STORAGE_URL_ALSO: s3.url,
    AWS_ACCESS_KEY_ID: S3_KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: S3_KEYS.secretAccessKey,
  })
})
afterAll(() => s3.close())
beforeEach(async () => {
  onDisk()
  expect(await checkInstallation(NOW)).toEqual([])
  key = await storedCaseKey(NOW)
})
afterEach(() => {
  s3.mend()
  s3.objects.clear()
  rmSync(disk, { recursive: true, force: true })
})

/** The stores of every process: the disk is main and S3 is second, the other way round, or S3 alone. */
const onDisk = () => Object.assign(variables(), { STORAGE_URL: `file:${disk}`, STORAGE_URL_ALSO: s3.url })
const onS3 = () => Object.assign(variables(), { STORAGE_URL: s3.url, STORAGE_URL_ALSO: `file:${disk}` })
const onS3Alone = () => Object.assign(variables(), { STORAGE_URL: s3.url, STORAGE_URL_ALSO: undefined })

/** Stores a file with its evidence, as an upload does. */
async function add(text: string | Buffer = randomUUID()): Promise<string> {
  const id = randomUUID()
  await storeBytes(key, id, 'original', Buffer.from(text))
  const bytes = Buffer.from(id)
  const row = { kind: 'box', state: 'ready', mediaType: 'image/jpeg', byteSize: 1 } as const
  await inScope(systemScope(), () =>
    db.evidence.create({
      data: {
        ...row,
        id,
        caseId: key.caseId,
        sealed: bytes,
        sha256: bytes,
        originalKey: `${id}.original`,
        createdAt: NOW,
      },
    }),
  )
  return id
}
const addMany = async (count: number) => {
  const ids: string[] = []
  for (let n = 0; n < count; n++) ids.push(await add(`file ${n}`))
  return ids
}
const run = () => {
  const { main, also } = stores('evidence')
  if (!also) throw new Error('nothing to move from')
  return moveFiles(also, main, { wait: 10 })
}
const textOf = async (id: string) => (await openBytes(key, id, 'original')).toString()
const inBucket = () => [...s3.objects.keys()].filter((name) => name.endsWith('.original')).length
const inRows = () => db.evidenceFile.groupBy({ by: ['store'], _count: true, orderBy: { store: 'asc' } })
const onDiskNow = () =>
  readdirSync(join(disk, 'evidence'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.original'),
  )
async function compared(options: { read?: boolean; adopt?: boolean } = {}) {
  const { main, also } = stores('evidence')
  const told: [Finding, string][] = []
  const found = (finding: Finding, name: string) => void told.push([finding, name])
  const result = await inScope(systemScope(), () =>
    compareFiles([main, ...(also ? [also] : [])], { ...options, found }),
  )
  return { ...result, told }
}

test('files move to S3 and back while uploads, openings and erasures go on, and the old place is cleared last', async () => {
  const ids = await addMany(12)
  // Larger than one part of a multipart upload.
  ids.push(await add(Buffer.alloc(6 * 1024 * 1024, 'x')))
  onS3()
  expect(await checkInstallation(NOW)).toEqual([])
  const [before, during, gone] = [await textOf(ids[0] ?? ''), [] as string[], ids[5] ?? '']
  // A slow store, so that files come and go during the move.
  s3.fail('PutObject', { slow: 150 }, 3)
  const [moved] = await Promise.all([
    run(),
    (async () => {
      during.push(await add('new'))
      await removeFiles([gone])
    })(),
  ])
  expect([moved.missing, moved.damaged, moved.differs]).toEqual([[], [], []])
  const again = await run()
  expect(again).toMatchObject({ files: 13, there: 13, copied: 0 })
  expect([inBucket(), s3.uploads.size]).toEqual([13, 0])
  expect([before, await textOf(ids[0] ?? ''), await textOf(during[0] ?? '')]).toEqual([
    'file 0',
    'file 0',
    'new',
  ])
  // Only the deleted file is removed from the old store, and the new file was never there.
  expect(onDiskNow()).toHaveLength(12)
  expect(await compared({ read: true })).toMatchObject({ known: 13, copies: 12, told: [] })

  // Before the end of the move is recorded, nothing starts without the old store.
  onS3Alone()
  expect(await checkInstallation(NOW)).toEqual([expect.stringContaining('STORAGE_URL_ALSO')])
  const { main } = stores('evidence')
  await leaveStore('file', main.name, 13, NOW)
  expect(await checkInstallation(NOW)).toEqual([])
  onS3()
  const { also } = stores('evidence')
  if (!also) throw new Error()
  await also.put(`${randomUUID()}.original`, Readable.from(['nobody knows it']))
  expect(await clearLeft(also, main)).toMatchObject({ removed: 12, kept: [expect.any(String)] })
  expect(onDiskNow()).toHaveLength(1)
  rmSync(join(disk, 'evidence'), { recursive: true })

  // And back, into an empty store.
  onDisk()
  expect(await checkInstallation(NOW)).toEqual([])
  expect(await run()).toMatchObject({ files: 13, there: 13, copied: 13 })
  s3.objects.clear()
  expect(await textOf(during[0] ?? '')).toBe('new')
  expect((await textOf(ids.at(-1) ?? '')).length).toBe(6 * 1024 * 1024)
}, 120_000)

test('a move that is cut, refused and ended half-way goes on, and copies nothing twice', async () => {
  await addMany(20)
  onS3()
  expect(await checkInstallation(NOW)).toEqual([])
  s3.fail('PutObject', 'cut-request', 2)
  s3.fail('GetObject', 'cut-answer', 2)
  s3.fail('PutObject', 'lose-answer', 1)
  s3.fail('PutObject', 403, 1)
  s3.fail('PutObject', { slow: 30 }, 20)
  const ended = expect(run()).rejects.toMatchObject({ name: 'Overloaded' })
  await expect.poll(inBucket, { interval: 5 }).toBeGreaterThan(7)
  s3.mend()
  s3.fail('PutObject', 403, 1_000)
  await ended
  s3.mend()
  const half = inBucket()
  expect(half).toBeGreaterThan(0)
  expect(half).toBeLessThan(20)
  const moved = await run()
  expect(moved).toMatchObject({ files: 20, there: 20 })
  expect(moved.copied).toBeLessThanOrEqual(20 - half)
  expect(await inRows()).toEqual([{ store: 's3://an-tam/', _count: 20 }])
  expect(await compared({ read: true })).toMatchObject({ told: [], known: 20 })
}, 60_000)

test('what is missing, damaged, another or unknown is told by its key, and only an upload that died is not', async () => {
  const [missing = '', damaged = '', size = ''] = await addMany(4)
  const path = (id: string) => join(disk, 'evidence', id.slice(0, 2), `${id}.original`)
  rmSync(path(missing))
  const bytes = await buffer(await stores('evidence').main.open(`${damaged}.original`))
  bytes[0] = (bytes[0] ?? 0) ^ 1
  await writeFile(path(damaged), bytes)
  await writeFile(path(size), 'short')
  const unknown = `${randomUUID()}.original`
  await mkdir(join(disk, 'evidence', unknown.slice(0, 2)), { recursive: true })
  await writeFile(join(disk, 'evidence', unknown.slice(0, 2), unknown), 'from an older time')
  const cut = new Readable({ read: () => void cut.destroy(new Error('gone')) })
  await expect(store(key, randomUUID(), 'original', cut)).rejects.toThrow('gone')

  const told = (finding: Finding, id: string) => [finding, `${id}.original`]
  expect(await compared()).toMatchObject({
    known: 5,
    missing: 1,
    size: 1,
    checksum: 0,
    unknown: 1,
    ending: 1,
  })
  const { told: read } = await compared({ read: true, adopt: true })
  expect(read.toSorted()).toEqual(
    [
      told('missing', missing),
      told('checksum', damaged),
      told('size', size),
      ['unknown', unknown],
    ].toSorted(),
  )
  // Adopted files wait for the sweep like other loose files.
  expect(await compared()).toMatchObject({ unknown: 0, known: 6 })
  expect(await db.evidenceFile.count({ where: { looseSince: { not: null } } })).toBe(2)

  onS3()
  expect(await checkInstallation(NOW)).toEqual([])
  expect(await run()).toMatchObject({
    files: 6,
    there: 3,
    missing: [`${missing}.original`],
    damaged: expect.arrayContaining([`${damaged}.original`, `${size}.original`]),
  })
  expect(inBucket()).toBe(2)
}, 60_000)

test.skipIf(!process.env.TEST_FULL)(
  'the command refuses while a process has one store alone, may be killed, ends with a sum, and what was moved is cleared',
  async () => {
    await addMany(30)
    onS3()
    expect(await checkInstallation(NOW)).toEqual([])
    const given = { STORAGE_URL: s3.url, STORAGE_URL_ALSO: `file:${disk}`, LOG_LEVEL: 'error' }
    const command = (args: readonly string[], more: Record<string, string> = {}) =>
      runCommand(process.execPath, ['scripts/storage.ts', ...args], { ...given, ...more })

    const old = { id: randomUUID(), kind: 'web', version: '0.1.0', startedAt: NOW, stores: ['file'] }
    await db.process.create({ data: { ...old, seenAt: new Date() } })
    const refused = await command(['move'])
    expect([refused.code, refused.output]).toEqual([1, expect.stringContaining('writes to file')])
    await db.process.deleteMany()

    s3.fail('PutObject', { slow: 300 }, 1_000)
    const env_ = { ...process.env, ...given }
    const killed = spawn(process.execPath, ['scripts/storage.ts', 'move'], { env: env_, stdio: 'ignore' })
    await expect.poll(inBucket).toBeGreaterThan(8)
    killed.kill('SIGKILL')
    await once(killed, 'exit')
    s3.mend()
    expect(inBucket()).toBeLessThan(30)
    const done = await command(['move', '--to', s3.url])
    expect([done.code, done.output]).toEqual([0, expect.stringContaining('All 30 files of evidence')])
    const compare = await command(['compare', '--read'])
    expect([compare.code, JSON.parse(compare.output.trim().split('\n').at(-1) ?? '')]).toEqual([
      0,
      expect.objectContaining({ known: 30, copies: 30, missing: 0, unknown: 0, agrees: true }),
    ])
    const early = await command(['clear', '--from', `file:${disk}`])
    expect([early.code, early.output]).toEqual([1, expect.stringContaining('STORAGE_URL_ALSO')])
    const cleared = await command(['clear', '--from', `file:${disk}`], { STORAGE_URL_ALSO: '' })
    expect([cleared.code, cleared.output]).toEqual([0, expect.stringContaining('30 files removed')])
    expect([onDiskNow(), inBucket()]).toEqual([[], 30])
    const acts = await db.auditEntry.findMany({
      where: { subjectKind: 'installation' },
      orderBy: { id: 'asc' },
    })
    expect(acts.map(({ act }) => act)).toEqual(['installation.moved', 'installation.cleared'])
  },
  180_000,
)
