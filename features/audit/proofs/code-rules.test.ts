import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toBase64 } from '#lib/transparency/base64.ts'
import { GrowingTree, inclusionRanges, leafHash, type NodeId, rangeHash } from '#lib/transparency/tree.ts'
import { ed25519, sha256, verifyEd25519 } from '#platform/signatures.ts'
import { must } from '#tests/must.ts'
import { writeCheckpoint } from '../sealing/rules.ts'
import { type EntryPlace, judgeCode, proofCode, readProofCode } from './code-rules.ts'

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 })
const entry = fc.bigInt({ min: 1n, max: 2n ** 35n - 1n })

test('a code comes back as it was, however it is typed, and names its entry', () => {
  fc.assert(
    fc.property(entry, hash, (id, leaf) => {
      const code = proofCode(id, leaf)
      expect(code).toMatch(/^([0-9A-Z]{4}-){8}[0-9A-Z]{4}$/)
      const typed = code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')
      for (const one of [code, typed, code.replaceAll('-', '')])
        expect(readProofCode(one)).toEqual({ ok: true, value: { code, entry: Number(id) } })
    }),
  )
})

test('a wrong character is told from a code that is none', () => {
  const code = proofCode(123_456n, sha256(Buffer.from('a leaf')))
  const wrong = code.startsWith('Z') ? `Y${code.slice(1)}` : `Z${code.slice(1)}`
  expect(readProofCode(wrong)).toEqual({ ok: false, error: 'check' })
  expect(readProofCode(code.slice(1))).toEqual({ ok: false, error: 'format' })
  expect(readProofCode(`${code}U`)).toEqual({ ok: false, error: 'format' })
  expect(readProofCode(' - ')).toEqual({ ok: false, error: 'empty' })
  expect(readProofCode('x'.repeat(1_000_000)).ok).toBe(false)
  expect(() => proofCode(2n ** 35n, sha256())).toThrow(RangeError)
})

const { sign, publicKey } = ed25519(Buffer.alloc(32, 7))
const log = { name: 'antam/audit', publicKey }
const leafOf = (n: number) => leafHash(sha256, new TextEncoder().encode(`{"id":"${n}"}`))

function placeOf(index: number, size: number): EntryPlace {
  const tree = new GrowingTree(sha256)
  const kept = new Map<string, Uint8Array>()
  for (let n = 0; n < size; n++)
    for (const node of tree.add(leafOf(n))) kept.set(`${node.level}/${node.index}`, node.hash)
  const hashOf = ({ level, index: at }: NodeId) => kept.get(`${level}/${at}`) as Uint8Array
  return {
    index,
    leaf: toBase64(leafOf(index)),
    size,
    proof: inclusionRanges(index, size).map((range) => toBase64(rangeHash(sha256, range, hashOf))),
    checkpoint: writeCheckpoint(sha256, { size, root: tree.root() }, log, sign),
  }
}

test('a code holds where its entry stands in the signed log, and says what else it found', async () => {
  const read = must(readProofCode(proofCode(70n, leafOf(5))))
  const judge = (place: EntryPlace | null) => judgeCode(sha256, verifyEd25519, log, read, place)
  const place = placeOf(5, 11)
  expect(await judge(place)).toBe('holds')
  expect(await judge(null)).toBe('absent')
  expect(await judge(placeOf(6, 11))).toBe('other')
  // A server with the right leaf still has to prove it in the signed tree.
  expect(await judge({ ...placeOf(6, 11), leaf: place.leaf })).toBe('other')
  expect(await judge({ ...place, proof: place.proof.toReversed() })).toBe('other')
  expect(await judge({ ...place, proof: place.proof.with(0, 'no base64') })).toBe('other')
  expect(await judge({ ...place, leaf: 'no base64' })).toBe('other')
  expect(await judge({ ...place, size: 12 })).toBe('checkpoint')
  const forged = placeOf(5, 11).checkpoint.replace('\n11\n', '\n12\n')
  expect(await judge({ ...place, checkpoint: forged, size: 12 })).toBe('checkpoint')
})
