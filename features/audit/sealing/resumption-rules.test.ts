import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Verifier } from '#lib/transparency/note.ts'
import { ed25519, sha256, verifyEd25519 } from '#platform/signatures.ts'
import {
  holdsAfterBreaks,
  isExplainedByBreak,
  isRenaming,
  lostEntries,
  readResumption,
  readSigners,
  writeResumption,
} from './resumption-rules.ts'
import {
  checkpointFile,
  LOG_NAME,
  readCheckpoint,
  readCheckpointFile,
  readResumptionFile,
  resumptionFile,
  writeCheckpoint,
} from './rules.ts'

const { sign, publicKey } = ed25519(Buffer.alloc(32, 1))
const log = { name: LOG_NAME, publicKey: new Uint8Array(publicKey) }
const stated = {
  history: 2,
  ended: { size: 64, root: new Uint8Array(32).fill(1) },
  from: { size: 61, root: new Uint8Array(32).fill(2) },
  at: '2026-11-28T01:00:00.000Z',
  reason: 'Khôi phục sau khi hỏng đĩa',
  keys: null,
}
const read = (note: string, verifier: Verifier = log) => readResumption(sha256, note, verifier, verifyEd25519)

test('what was stated is read as it was signed, by its own key alone, and is no checkpoint', async () => {
  const note = writeResumption(sha256, stated, [log, sign])
  expect(await read(note)).toEqual(stated)
  expect(lostEntries(stated)).toBe(3)
  expect(await readCheckpoint(sha256, note, log, verifyEd25519)).toBeNull()
  expect(await read(note, { ...log, publicKey: ed25519(Buffer.alloc(32, 2)).publicKey })).toBeNull()
})

test('no character of a note can be changed', async () => {
  const note = writeResumption(sha256, stated, [log, sign])
  const text = note.slice(0, note.indexOf('\n\n'))
  await fc.assert(
    fc.asyncProperty(fc.nat(text.length - 1), fc.constantFrom('0', '9', 'x', ' '), async (at, character) => {
      fc.pre(note[at] !== character)
      expect(await read(note.slice(0, at) + character + note.slice(at + 1))).toBeNull()
    }),
  )
})

test('names of two histories are never the same, and say size and history', () => {
  const size = fc.integer({ min: 1, max: 1e15 })
  const history = fc.integer({ min: 1, max: 99_999 })
  fc.assert(
    fc.property(size, history, (entries, number) => {
      expect(readCheckpointFile(checkpointFile(entries, number))).toEqual({ size: entries, history: number })
    }),
  )
  expect(readCheckpointFile('0000000000000064-1.checkpoint')).toBeNull()
  expect(readResumptionFile(resumptionFile(2))).toBe(2)
  expect(readResumptionFile('resumed-1.note')).toBeNull()
})

test('a break explains what was published beyond it, and nothing else', () => {
  const breaks = [stated]
  expect([60, 61, 62, 64, 65].map((size) => isExplainedByBreak(breaks, size))).toEqual([
    false,
    false,
    true,
    true,
    false,
  ])
  expect(holdsAfterBreaks({ size: 61, history: 1 }, breaks)).toBe(true)
  expect(holdsAfterBreaks({ size: 62, history: 1 }, breaks)).toBe(false)
  expect(holdsAfterBreaks({ size: 62, history: 2 }, breaks)).toBe(true)
})

describe('another name or key', () => {
  const later = ed25519(Buffer.alloc(32, 3))
  const named = { name: 'antam.example.gov.vn/log/2027', publicKey: new Uint8Array(later.publicKey) }
  const change = { ...stated, from: stated.ended, keys: { before: log, next: named } }
  const note = writeResumption(sha256, change, [log, sign], [named, later.sign])

  test('is read by either key, once both have signed it', async () => {
    expect(isRenaming(change)).toBe(true)
    expect(isRenaming(stated)).toBe(false)
    expect(await read(note, log)).toEqual(change)
    expect(await read(note, named)).toEqual(change)
    const [ours, theirs] = [note.trimEnd().split('\n').at(-2), note.trimEnd().split('\n').at(-1)]
    const without = (line = '') => note.replace(`${line}\n`, '')
    expect(await read(without(ours), named), 'the key before has not signed').toBeNull()
    expect(await read(without(theirs), log), 'the next key has not signed').toBeNull()
  })

  test('leads from the key of today to the one before, which counts up to where it ended', async () => {
    const signers = await readSigners(sha256, verifyEd25519, named, ['no note', note])
    expect(signers).toEqual([named, { ...log, until: 64 }])
    const signed = (size: number) => writeCheckpoint(sha256, { size, root: stated.ended.root }, log, sign)
    expect(await readCheckpoint(sha256, signed(64), signers, verifyEd25519)).toMatchObject({ size: 64 })
    expect(await readCheckpoint(sha256, signed(65), signers, verifyEd25519), 'after its end').toBeNull()
    expect(await readSigners(sha256, verifyEd25519, log, [note]), 'never forward').toEqual([log])
  })
})
