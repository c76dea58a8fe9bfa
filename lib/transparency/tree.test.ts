import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sha256 } from '#platform/signatures.ts'
import {
  consistencyRanges,
  GrowingTree,
  type Hash,
  inclusionRanges,
  isConsistent,
  type LeafRange,
  leafHash,
  type NodeId,
  nodesOf,
  rangeHash,
  rootFromInclusion,
} from './tree.ts'

const hex = (hash: Hash | null | undefined) => Buffer.from(hash ?? []).toString('hex')
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))

// The vectors of Certificate Transparency's reference implementation.
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
]
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const SECOND = '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7'
const FIFTH = 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b'
const THIRD_FOURTH = '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e'
const FIFTH_SIXTH = '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a'
const SEVENTH_EIGHTH = 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0'
const SECOND_HALF = '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4'

/** Makes a log that keeps every complete subtree, as the database does. */
function logOf(leaves: readonly Hash[]) {
  const tree = new GrowingTree(sha256)
  const roots = [tree.root()]
  const kept = new Map<string, Hash>()
  for (const leaf of leaves) {
    for (const { level, index, hash } of tree.add(leaf)) kept.set(`${level}/${index}`, hash)
    roots.push(tree.root())
  }
  const hashOf = ({ level, index }: NodeId) => kept.get(`${level}/${index}`) as Hash
  return { roots, hashOf, proof: (ranges: LeafRange[]) => ranges.map((r) => rangeHash(sha256, r, hashOf)) }
}
const reference = logOf(LEAVES.map((leaf) => leafHash(sha256, bytes(leaf))))
const root = (size: number) => reference.roots[size] as Hash

/** The definition of RFC 6962, 2.1, word for word, as the test's own implementation. */
function mth(leaves: readonly Hash[]): Hash {
  if (leaves.length <= 1) return leaves[0] ?? sha256()
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  return sha256(Uint8Array.of(1), mth(leaves.slice(0, k)), mth(leaves.slice(k)))
}

test('the published roots', () => {
  expect(reference.roots.map(hex)).toEqual(ROOTS)
})

test('the published inclusion proofs', () => {
  const proof = (leaf: number, size: number) => reference.proof(inclusionRanges(leaf, size)).map(hex)
  expect(proof(0, 1)).toEqual([])
  expect(proof(0, 8)).toEqual([SECOND, THIRD_FOURTH, SECOND_HALF])
  expect(proof(5, 8)).toEqual([FIFTH, SEVENTH_EIGHTH, ROOTS[4]])
  expect(proof(2, 3)).toEqual([ROOTS[2]])
})

test('the published consistency proofs', () => {
  const proof = (before: number, size: number) => reference.proof(consistencyRanges(before, size)).map(hex)
  expect(proof(1, 1)).toEqual([])
  expect(proof(1, 8)).toEqual([SECOND, THIRD_FOURTH, SECOND_HALF])
  expect(proof(6, 8)).toEqual([FIFTH_SIXTH, SEVENTH_EIGHTH, ROOTS[4]])
  expect(proof(2, 5)).toEqual([THIRD_FOURTH, FIFTH])
})

const someLeaves = fc
  .array(fc.uint8Array({ maxLength: 3 }), { minLength: 1, maxLength: 70 })
  .map((leaves) => leaves.map((leaf) => leafHash(sha256, leaf)))
const sized = someLeaves.chain((leaves) =>
  fc.tuple(fc.constant(leaves), fc.nat(leaves.length - 1), fc.nat(), fc.nat({ max: 255 })),
)

test('a growing tree has the root that the definition gives, also when it goes on from what was kept', () => {
  fc.assert(
    fc.property(sized, ([leaves, cut]) => {
      const { roots, hashOf } = logOf(leaves)
      expect(hex(roots.at(-1))).toBe(hex(mth(leaves)))
      const resumed = new GrowingTree(sha256, cut, hashOf)
      for (const leaf of leaves.slice(cut)) resumed.add(leaf)
      expect(hex(resumed.root())).toBe(hex(roots.at(-1)))
    }),
  )
})

test('an inclusion proof leads to the root, and with anything changed to another or none', async () => {
  await fc.assert(
    fc.asyncProperty(sized, async ([leaves, index, at, noise]) => {
      const size = leaves.length
      const log = logOf(leaves)
      const proof = log.proof(inclusionRanges(index, size))
      const leaf = leaves[index] as Hash
      const wanted = hex(log.roots.at(-1))
      expect(hex(await rootFromInclusion(sha256, leaf, index, size, proof))).toBe(wanted)
      const other = Uint8Array.from(leaf, (byte) => byte ^ (noise || 1))
      expect(hex(await rootFromInclusion(sha256, other, index, size, proof))).not.toBe(wanted)
      expect(await rootFromInclusion(sha256, leaf, index, size, [...proof, leaf])).toBeNull()
      if (proof.length > 0) {
        const bent = proof.with(at % proof.length, other)
        expect(hex(await rootFromInclusion(sha256, leaf, index, size, bent))).not.toBe(wanted)
      }
    }),
  )
})

test('a consistency proof holds between any two sizes of one log, and for no other beginning', async () => {
  await fc.assert(
    fc.asyncProperty(sized, async ([leaves, cut, at, noise]) => {
      const log = logOf(leaves)
      const before = cut + 1
      const proof = log.proof(consistencyRanges(before, leaves.length))
      const old = { size: before, root: log.roots[before] as Hash }
      const whole = { size: leaves.length, root: log.roots.at(-1) as Hash }
      expect(await isConsistent(sha256, old, whole, proof)).toBe(true)
      const forged = leaves.with(at % before, sha256(Uint8Array.of(2, noise)))
      expect(
        await isConsistent(sha256, { ...old, root: logOf(forged).roots[before] as Hash }, whole, proof),
      ).toBe(false)
      if (proof.length > 0) {
        expect(await isConsistent(sha256, old, whole, proof.with(at % proof.length, sha256()))).toBe(false)
      }
    }),
  )
})

test('a proof at ten million entries and beyond 2^32 needs few of the kept subtrees', () => {
  for (const size of [10_000_000, 2 ** 40 + 12_345]) {
    const ranges = inclusionRanges(size - 77, size)
    expect(ranges.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)))
    expect(ranges.flatMap(nodesOf).length).toBeLessThan(2 * Math.log2(size))
  }
})

test('what no tree has is refused', async () => {
  expect(() => inclusionRanges(3, 3)).toThrow(RangeError)
  expect(() => consistencyRanges(4, 3)).toThrow(RangeError)
  expect(await rootFromInclusion(sha256, root(1), 3, 3, [])).toBeNull()
  expect(await isConsistent(sha256, { size: 9, root: root(8) }, { size: 8, root: root(8) }, [])).toBe(false)
})
