import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { S3_KEYS, type S3Server, startS3 } from '#tests/s3-server.ts'
import { S3_TIMES } from './s3-client.ts'
import { type Storage, storageOf } from './storage.ts'

/** A server of another vendor, such as `moto_server`. Tests that need faults on demand are then skipped. */
const OTHER = process.env.S3_TEST_URL
const alone = OTHER ? test.skip : test

let s3: S3Server
let storage: Storage
const keyOf = (part = 'original') => `${randomUUID()}.${part}`
const put = (key: string, bytes: Buffer, options = {}) => storage.put(key, Readable.from([bytes]), options)
const read = async (key: string) => buffer(await storage.open(key))
const MB = 1024 * 1024
const big = randomBytes(11 * MB)

vi.mock('./env.ts', () => ({
  env: () => ({
    AWS_ACCESS_KEY_ID: S3_KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: S3_KEYS.secretAccessKey,
    LOG_LEVEL: 'silent',
  }),
}))

beforeAll(async () => {
  s3 = await startS3()
  storage = storageOf(OTHER ?? s3.url, 'evidence')
})
beforeEach(() => {
  s3.mend()
  s3.asked.splice(0)
})
afterEach(() => expect([...s3.uploads]).toEqual([]))
afterAll(() => s3.close())

const isAway = expect.objectContaining({ name: 'Overloaded', retryAfterSeconds: expect.any(Number) })

test.each([
  ['nothing', Buffer.alloc(0)],
  ['a few bytes', Buffer.from('xin chào')],
  ['exactly one part', randomBytes(5 * MB)],
  ['a byte more than a part', randomBytes(5 * MB + 1)],
  ['several parts', big],
])('%s is there as it was put, until it is removed', async (_, bytes) => {
  const key = keyOf()
  await put(key, bytes)
  expect(
    createHash('sha256')
      .update(await read(key))
      .digest(),
  ).toEqual(createHash('sha256').update(bytes).digest())
  expect(await storage.size(key)).toBe(bytes.length)
  await storage.remove(key)
  await storage.remove(key)
  expect(await storage.size(key)).toBeNull()
  await expect(storage.open(key)).rejects.toThrow('there is no stored file')
})

test('what must not replace anything does not, whole or in parts', async () => {
  const key = keyOf()
  await put(key, Buffer.from('first'), { onlyNew: true })
  await expect(put(key, Buffer.from('second'), { onlyNew: true })).rejects.toMatchObject({ code: 'EEXIST' })
  if (!OTHER) await expect(put(key, big, { onlyNew: true })).rejects.toMatchObject({ code: 'EEXIST' })
  expect(await text(await storage.open(key))).toBe('first')
  await put(key, Buffer.from('third'))
  expect(await text(await storage.open(key))).toBe('third')
})

test('what breaks off, or is given up, leaves nothing, and says what it was', async () => {
  for (const bytes of [10, 6 * MB]) {
    const key = keyOf()
    const breaking = Readable.from(
      (function* () {
        yield randomBytes(bytes)
        throw new Error('the line went dead')
      })(),
    )
    await expect(storage.put(key, breaking)).rejects.toThrow('the line went dead')
    const stop = new AbortController()
    const endless = new Readable({ read: () => {} })
    endless.push(randomBytes(bytes))
    setTimeout(() => stop.abort(), 20)
    await expect(storage.put(key, endless, { signal: stop.signal })).rejects.toThrow(/abort/i)
    expect(await storage.size(key)).toBeNull()
  }
})

test('nothing but an administrator’s comparison lists', async () => {
  const key = keyOf()
  await put(key, big)
  await read(key)
  await storage.size(key)
  await storage.remove(key)
  expect(s3.asked.filter((operation) => operation.startsWith('List'))).toEqual([])
  const keys = [keyOf(), keyOf(), keyOf('page1')].toSorted()
  for (const one of keys) await put(one, Buffer.from(one))
  const listed = await Array.fromAsync(storage.list())
  expect(listed.map((file) => file.key)).toEqual(expect.arrayContaining(keys))
  expect(listed.find((file) => file.key === keys[1])?.bytes).toBe(keys[1]?.length)
  const after = await Array.fromAsync(storage.list(keys[1]))
  expect(after.map((file) => file.key)).not.toContain(keys[1])
  expect(after.map((file) => file.key)).toContain(keys[2])
})

alone('more than a page of files are listed in their order, each once', async () => {
  const keys = Array.from({ length: 2100 }, () => keyOf()).toSorted()
  for (const key of keys)
    s3.objects.set(`evidence/${key}`, { body: Buffer.from('x'), etag: '"x"', at: new Date() })
  const listed = (await Array.fromAsync(storage.list()))
    .map((file) => file.key)
    .filter((key) => keys.includes(key))
  expect(listed).toEqual(keys)
  for (const key of keys) s3.objects.delete(`evidence/${key}`)
})

test('files that are opened and closed unread keep no connection: others are read at once', async () => {
  const key = keyOf()
  await put(key, big)
  // More than there are connections.
  for (let opened = 0; opened < 60; opened++) (await storage.open(key)).destroy()
  expect((await read(key)).equals(big)).toBe(true)
}, 15_000)

test('the mark is written once, and on purpose again', async () => {
  const [one, other] = [randomUUID(), randomUUID()]
  await storage.join(one, true)
  await expect(storage.join(other)).rejects.toMatchObject({ code: 'EEXIST' })
  expect(await storage.installation()).toBe(one)
  await storage.setLiveTokens([one, other])
  expect(await storage.liveTokens()).toEqual([one, other])
})

// The library's pauses between retries dominate, so different operations wait in parallel.
alone('a failure, a request to slow down and a cut connection are tried again', async () => {
  const [one, many] = [keyOf(), keyOf()]
  s3.fail('PutObject', 500)
  s3.fail('PutObject', 'cut-request')
  s3.fail('CreateMultipartUpload', 503)
  s3.fail('UploadPart', 'cut-request')
  s3.fail('UploadPart', 'lose-answer')
  s3.fail('CompleteMultipartUpload', 500)
  await Promise.all([put(one, Buffer.from('whole')), put(many, big)])
  s3.fail('GetObject', 503, 2)
  expect(await text(await storage.open(one))).toBe('whole')
  expect((await read(many)).equals(big)).toBe(true)
})

alone('an upload whose last answer is lost is done', async () => {
  const key = keyOf()
  s3.fail('CompleteMultipartUpload', 'lose-answer')
  await put(key, big)
  expect((await read(key)).equals(big)).toBe(true)
})

alone('a reading that breaks off goes on where it was, and never ends early unnoticed', async () => {
  const key = keyOf()
  await put(key, big)
  s3.fail('GetObject', 'cut-answer', 2)
  expect((await read(key)).equals(big)).toBe(true)
  expect(s3.asked.filter((operation) => operation === 'GetObject')).toHaveLength(3)
  // The file is replaced during a read; the reader must never get half of each.
  s3.fail('GetObject', 'cut-answer')
  const stream = await storage.open(key)
  await put(key, Buffer.from('another'))
  await expect(buffer(stream)).rejects.toThrow()
})

alone(
  'a store that is away, refuses or does not know the keys is said to be that, as one may come again',
  async () => {
    const key = keyOf()
    await put(key, Buffer.from('x'))
    for (const fault of [403, 500, 503, 'cut-request'] as const) {
      s3.fail('GetObject', fault, 3)
      s3.fail('PutObject', fault, 3)
      s3.fail('UploadPart', fault, 3)
      await Promise.all([
        expect(storage.open(key)).rejects.toEqual(isAway),
        expect(put(keyOf(), Buffer.from('x'))).rejects.toEqual(isAway),
        expect(put(keyOf(), big)).rejects.toEqual(isAway),
      ])
      s3.mend()
    }
    await s3.listen(false)
    const started = performance.now()
    await expect(storage.open(key)).rejects.toEqual(isAway)
    await expect(storage.remove(key)).rejects.toEqual(isAway)
    expect(performance.now() - started).toBeLessThan(10_000)
    await s3.listen(true)
    expect(await text(await storage.open(key))).toBe('x')
    const elsewhere = storageOf(s3.url.replace('s3://an-tam', 's3://another'), 'evidence')
    await expect(elsewhere.put(key, Readable.from(['x']))).rejects.toEqual(isAway)
  },
)

alone('one that does not answer is not waited for, and a slow one is', async () => {
  const key = keyOf()
  Object.assign(S3_TIMES, { requestTimeout: 400, socketTimeout: 400 })
  // Another host name gets connections of its own.
  const hurried = storageOf(s3.url.replace('127.0.0.1', 'localhost'), 'evidence')
  await put(key, Buffer.from('x'))
  s3.fail('GetObject', { slow: 5_000 }, 3)
  const started = performance.now()
  await expect(hurried.open(key)).rejects.toEqual(isAway)
  expect(performance.now() - started).toBeLessThan(4_000)
  s3.mend()
  s3.fail('GetObject', { slow: 150 })
  expect(await text(await hurried.open(key))).toBe('x')
})

alone('no fault tells a key or a signature', async () => {
  s3.fail('GetObject', 403)
  const error = await storage.open(keyOf()).catch((fault: Error) => fault)
  const told = JSON.stringify([error, (error as Error).cause, String((error as Error).cause)])
  expect(told).toContain('AccessDenied')
  expect(told).not.toMatch(/AKIA|Signature|Authorization/)
})

alone('what a dead process left half sent is removed by its key alone', async () => {
  const key = keyOf()
  s3.uploads.set('left', { key: `evidence/${key}`, parts: new Map() })
  s3.uploads.set('other', { key: `evidence/${key}0`, parts: new Map() })
  await storage.tidy(key)
  expect([...s3.uploads.keys()]).toEqual(['other'])
  s3.uploads.clear()
})

test.each(['../../etc/passwd', 'x', '', 'installation-id'])('%j is no key', async (key) => {
  await expect(put(key, Buffer.from('x'))).rejects.toThrow('not a storage key')
  await expect(storage.open(key)).rejects.toThrow('not a storage key')
  await expect(storage.remove(key)).rejects.toThrow('not a storage key')
})
