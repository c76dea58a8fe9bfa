import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openStream, sealStream } from './sealed-stream.ts'

const key = { caseId: 'b6a8b3ce-8f0c-4b52-9d59-0f2e9d7ef5a1', bytes: randomBytes(32) }
const CHUNK = 64 * 1024
const SEALED_CHUNK = CHUNK + 16
const HEAD = 33

const pieces = (bytes: Buffer, size: number): Readable =>
  Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
    })(),
    { objectMode: false },
  )
const sealed = (bytes: Buffer, size = 10_000) => buffer(sealStream(pieces(bytes, size), key, 'a'))
const opened = (bytes: Buffer, size = 10_000, context = 'a', by = key) =>
  buffer(openStream(pieces(bytes, size), by, context))

test.each([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5])(
  '%i bytes come back whole',
  async (size) => {
    const plain = randomBytes(size)
    const file = await sealed(plain)
    expect(file.length).toBe(HEAD + size + 16 * Math.max(1, Math.ceil(size / CHUNK)))
    expect((await opened(file)).equals(plain)).toBe(true)
  },
)

test('however the bytes are cut on their way', async () => {
  const plain = randomBytes(2 * CHUNK + 77)
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 200_000 }),
      fc.integer({ min: 1, max: 200_000 }),
      async (a, b) => {
        expect((await opened(await sealed(plain, Math.max(a, 500)), Math.max(b, 500))).equals(plain)).toBe(
          true,
        )
      },
    ),
    { numRuns: 20 },
  )
})

test('the plain bytes are nowhere in the sealed ones', async () => {
  const word = Buffer.from('Nguyễn Thị Ánh Đào')
  expect((await sealed(Buffer.concat([randomBytes(500), word, randomBytes(500)]))).includes(word)).toBe(false)
})

test('nothing that was changed, cut off, moved or taken from elsewhere opens', async () => {
  const plain = randomBytes(3 * CHUNK)
  const file = await sealed(plain)
  const chunk = (n: number) => file.subarray(HEAD + n * SEALED_CHUNK, HEAD + (n + 1) * SEALED_CHUNK)
  const head = file.subarray(0, HEAD)
  const flipped = Buffer.from(file)
  flipped[HEAD + 5] = (flipped[HEAD + 5] ?? 0) ^ 1
  const broken = {
    flipped,
    'a last chunk missing': Buffer.concat([head, chunk(0), chunk(1)]),
    'cut inside a chunk': file.subarray(0, -1),
    'head alone': head,
    nothing: Buffer.alloc(0),
    'chunks moved': Buffer.concat([head, chunk(1), chunk(0), chunk(2)]),
    'a chunk left out': Buffer.concat([head, chunk(0), chunk(2)]),
    'something behind it': Buffer.concat([file, Buffer.alloc(20)]),
    'another version': Buffer.concat([Uint8Array.of(9), file.subarray(1)]),
  }
  for (const [what, bytes] of Object.entries(broken)) await expect(opened(bytes), what).rejects.toThrow()
  await expect(opened(file, 10_000, 'b'), 'another place').rejects.toThrow()
  await expect(opened(file, 10_000, 'a', { ...key, caseId: 'x' }), 'another case').rejects.toThrow()
  await expect(opened(file, 10_000, 'a', { ...key, bytes: randomBytes(32) }), 'another key').rejects.toThrow()
})

test('a source that fails fails what is read', async () => {
  const source = new Readable({ read: () => {} })
  const read = buffer(sealStream(source, key, 'a'))
  source.destroy(new Error('the line went dead'))
  await expect(read).rejects.toThrow('the line went dead')
})
