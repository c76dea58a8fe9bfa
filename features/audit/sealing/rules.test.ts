import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readNote, readVerifier, type Verifier, writeNote, writeVerifier } from '#lib/transparency/note.ts'
import { ed25519, sha256, verifyEd25519 as verified } from '#platform/signatures.ts'
import { readCheckpoint, writeCheckpoint } from './rules.ts'

// The example of golang.org/x/mod/sumdb/note, the format's first implementation.
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const SEED = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1)
const TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
const NOTE = `${TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`
const peter = (await readVerifier(sha256, PETER)) as Verifier

test('the published note is written and read, and its verifier', async () => {
  const { sign, publicKey } = ed25519(SEED)
  expect(Buffer.from(publicKey)).toEqual(Buffer.from(peter.publicKey))
  expect(writeVerifier(sha256, peter)).toBe(PETER)
  expect(writeNote(sha256, TEXT, peter, sign)).toBe(NOTE)
  expect(await readNote(sha256, NOTE, peter, verified)).toBe(TEXT)
  // Base64 with a plus sign.
  expect(
    (await readVerifier(sha256, 'TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6'))?.name,
  ).toBe('TEST')
})

test('a verifier whose id does not fit its key is none', async () => {
  expect(await readVerifier(sha256, PETER.replace('c74f', 'c74e'))).toBeNull()
  expect(await readVerifier(sha256, 'PeterNeumann')).toBeNull()
})

test('a note that others signed too is read, in any order', async () => {
  const other = { name: 'EnochRoot', publicKey: ed25519(new Uint8Array(32)).publicKey }
  const line = writeNote(sha256, TEXT, other, ed25519(new Uint8Array(32)).sign).slice(TEXT.length + 1)
  expect(await readNote(sha256, `${TEXT}\n${line}${NOTE.slice(TEXT.length + 1)}`, peter, verified)).toBe(TEXT)
  expect(await readNote(sha256, `${TEXT}\n${line}`, peter, verified)).toBeNull()
})

const { sign: ours, publicKey } = ed25519(Buffer.alloc(32, 7))
const log: Verifier = { name: 'antam/audit', publicKey }

test('a checkpoint comes back as it was written', async () => {
  const size = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
  await fc.assert(
    fc.asyncProperty(size, fc.uint8Array({ minLength: 32, maxLength: 32 }), async (size, root) => {
      const note = writeCheckpoint(sha256, { size, root }, log, ours)
      expect(note.split('\n').slice(0, 2)).toEqual(['antam/audit', String(size)])
      expect(await readCheckpoint(sha256, note, log, verified)).toEqual({ size, root: new Uint8Array(root) })
    }),
  )
})

test('a checkpoint with any byte changed is none', async () => {
  const note = writeCheckpoint(sha256, { size: 12, root: sha256() }, log, ours)
  await fc.assert(
    fc.asyncProperty(fc.nat(note.length - 1), fc.constantFrom('0', 'A', '\n', ' ', '='), async (at, char) => {
      fc.pre(note[at] !== char)
      const bent = note.slice(0, at) + char + note.slice(at + 1)
      expect(await readCheckpoint(sha256, bent, log, verified)).toBeNull()
    }),
  )
  expect(await readCheckpoint(sha256, note, { ...log, name: 'antam/other' }, verified)).toBeNull()
  expect(await readCheckpoint(sha256, note, { ...log, publicKey: peter.publicKey }, verified)).toBeNull()
  expect(await readCheckpoint(sha256, NOTE, peter, verified)).toBeNull()
})
