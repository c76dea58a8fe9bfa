import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toBase64 } from '#lib/transparency/base64.ts'
import { GrowingTree, inclusionRanges, leafHash, type NodeId, rangeHash } from '#lib/transparency/tree.ts'
import { ed25519, sha256, verifyEd25519 } from '#platform/signatures.ts'
import { writeCheckpoint } from '../sealing/rules.ts'
import { checkProof, type EntryProof, PROOF_FORMAT, readEntryProof, writeTlogProof } from './rules.ts'

const { sign, publicKey } = ed25519(Buffer.alloc(32, 7))
const log = { name: 'antam/audit', publicKey }

function proofOf(index: number, size: number): EntryProof {
  const tree = new GrowingTree(sha256)
  const kept = new Map<string, Uint8Array>()
  const text = (n: number) => `{"id":"${n}","act":"việc"}`
  for (let n = 0; n < size; n++)
    for (const node of tree.add(leafHash(sha256, new TextEncoder().encode(text(n)))))
      kept.set(`${node.level}/${node.index}`, node.hash)
  const hashOf = ({ level, index: at }: NodeId) => kept.get(`${level}/${at}`) as Uint8Array
  return {
    format: PROOF_FORMAT,
    leaf: text(index),
    index,
    size,
    proof: inclusionRanges(index, size).map((range) => toBase64(rangeHash(sha256, range, hashOf))),
    checkpoint: writeCheckpoint(sha256, { size, root: tree.root() }, log, sign),
  }
}
const check = (proof: EntryProof) => checkProof(sha256, verifyEd25519, log, proof)

/** Asynchronous, as in a browser. */
const digest = async (...parts: readonly Uint8Array[]) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', Buffer.concat(parts)))

test('a proof holds, by Node and by Web Crypto, and comes back from its file as it was', async () => {
  const places = fc
    .integer({ min: 1, max: 40 })
    .chain((size) => fc.tuple(fc.nat(size - 1), fc.constant(size)))
  await fc.assert(
    fc.asyncProperty(places, async ([index, size]) => {
      const proof = proofOf(index, size)
      expect(readEntryProof(JSON.stringify(proof))).toEqual(proof)
      expect(readEntryProof(writeTlogProof(proof)), 'as c2sp.org/tlog-proof').toEqual(proof)
      expect((await check(proof)).holds).toBe(true)
      expect((await checkProof(digest, verifyEd25519, log, proof)).holds).toBe(true)
    }),
    { numRuns: 40 },
  )
})

test('the form that others read is theirs to the letter, and nothing of it can be left out', () => {
  const proof = proofOf(5, 11)
  const text = writeTlogProof(proof)
  expect(text.split('\n').slice(0, 3)).toEqual([
    'c2sp.org/tlog-proof@v1',
    `extra ${Buffer.from(proof.leaf).toString('base64')}`,
    'index 5',
  ])
  expect(text.endsWith(`\n\n${proof.checkpoint}`)).toBe(true)
  for (const line of [0, 1, 2, text.split('\n').indexOf('')])
    expect(readEntryProof(text.split('\n').toSpliced(line, 1).join('\n')), `without line ${line}`).toBeNull()
})

test('a proof of anything else does not hold, and says why', async () => {
  const proof = proofOf(5, 11)
  const entry = { holds: false, fault: 'entry' }
  expect(await check({ ...proof, leaf: proof.leaf.replace('5', '6') })).toEqual(entry)
  expect(await check({ ...proof, index: 4 })).toEqual(entry)
  expect(await check({ ...proof, index: 11 })).toEqual(entry)
  expect(await check({ ...proof, proof: proof.proof.slice(1) })).toEqual(entry)
  expect(await check({ ...proof, proof: [...proof.proof, 'no base64'] })).toEqual(entry)
  expect(await check({ ...proof, proof: proof.proof.toReversed() })).toEqual(entry)
  const signature = { holds: false, fault: 'checkpoint' }
  expect(await check({ ...proof, size: 12 })).toEqual(signature)
  expect(await check({ ...proof, checkpoint: proof.checkpoint.replace('\n11\n', '\n12\n') })).toEqual(
    signature,
  )
  const other = { name: 'antam/audit', publicKey: ed25519(Buffer.alloc(32, 8)).publicKey }
  expect(await checkProof(sha256, verifyEd25519, other, proof)).toEqual(signature)
})

test.each(['', 'null', '[]', '{}', '{"format":"antam-audit-proof/1","proof":[1]}', 'x'.repeat(200_000)])(
  'what is no proof is none',
  (text) => expect(readEntryProof(text)).toBeNull(),
)
