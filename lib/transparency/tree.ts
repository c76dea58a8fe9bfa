/**
 * The Merkle tree of RFC 6962, section 2: the whole audit log as one hash. A person who has an earlier hash, or one entry, can
 * check that the log still contains it.
 */
export type Hash = Uint8Array

/** SHA-256 of the concatenated parts; a function of the platform. */
export type Sha256 = (...parts: readonly Uint8Array[]) => Hash
/** The same for code that only checks, also in a browser, where hashing is asynchronous. */
export type Digest = (...parts: readonly Uint8Array[]) => Hash | Promise<Hash>

/** A subtree that is complete: the leaves from `index << level`, `1 << level` of them. */
export interface NodeId {
  readonly level: number
  readonly index: number
}
export interface TreeNode extends NodeId {
  readonly hash: Hash
}

/** The leaves from `start` to before `end`; `start` is where a subtree of a range of that length can begin. */
export interface LeafRange {
  readonly start: number
  readonly end: number
}

const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)

/** Returns the hash of a leaf. It never equals a node's hash, because the hashed bytes of each kind begin differently. */
export const leafHash = <H>(sha256: (...parts: readonly Uint8Array[]) => H, leaf: Uint8Array): H =>
  sha256(LEAF, leaf)
const nodeHash = <H>(sha256: (...parts: readonly Uint8Array[]) => H, left: Hash, right: Hash): H =>
  sha256(NODE, left, right)

export const sameHash = (a: Hash, b: Hash): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at])

/** Returns the largest power of two below `n`, up to 2^53: bit operators would end at 2^31 leaves. */
const largestPowerBelow = (n: number): number => {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}
const levelOf = (size: number): number => Math.round(Math.log2(size))

/** Returns the complete subtrees that a range is made of, from the left. */
export function nodesOf({ start, end }: LeafRange): NodeId[] {
  const nodes: NodeId[] = []
  for (let at = start; at < end; ) {
    let size = 1
    while (at % (size * 2) === 0 && at + size * 2 <= end) size *= 2
    nodes.push({ level: levelOf(size), index: at / size })
    at += size
  }
  return nodes
}

/**
 * Returns the hash of a range of leaves from the hashes of its complete subtrees; for an empty range, the hash of no
 * bytes.
 */
export function rangeHash(sha256: Sha256, range: LeafRange, hashOf: (node: NodeId) => Hash): Hash {
  const hashes = nodesOf(range).map(hashOf)
  const last = hashes.pop()
  if (last === undefined) return sha256()
  return hashes.reduceRight((right, left) => nodeHash(sha256, left, right), last)
}

/**
 * Returns the ranges whose hashes lead from leaf `index` to the root of the first `size` leaves (RFC 6962, 2.1.1). Throws if
 * there is no such leaf.
 */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  if (!(index >= 0 && index < size)) throw new RangeError(`no leaf ${index} among ${size}`)
  const ranges: LeafRange[] = []
  for (let start = 0, end = size; end - start > 1; ) {
    const middle = start + largestPowerBelow(end - start)
    const left = index < middle
    ranges.unshift(left ? { start: middle, end } : { start, end: middle })
    if (left) end = middle
    else start = middle
  }
  return ranges
}

/**
 * Returns the ranges whose hashes show that the first `before` leaves are the beginning of `size` (RFC 6962,
 * 2.1.2). Throws unless `before` is from 1 to `size`.
 */
export function consistencyRanges(before: number, size: number): LeafRange[] {
  if (!(before >= 1 && before <= size)) throw new RangeError(`${before} is not a size before ${size}`)
  const ranges: LeafRange[] = []
  let start = 0
  let end = size
  // Whether the part in hand is the whole old tree, whose root the reader has.
  let whole = true
  while (before !== end) {
    const middle = start + largestPowerBelow(end - start)
    if (before <= middle) {
      ranges.unshift({ start: middle, end })
      end = middle
    } else {
      ranges.unshift({ start, end: middle })
      start = middle
      whole = false
    }
  }
  if (!whole) ranges.unshift({ start, end })
  return ranges
}

/** Returns the root that a leaf and its proof lead to, or null if the proof has the wrong length. */
export async function rootFromInclusion(
  sha256: Digest,
  leaf: Hash,
  index: number,
  size: number,
  proof: readonly Hash[],
): Promise<Hash | null> {
  if (!(index >= 0 && index < size)) return null
  const ranges = inclusionRanges(index, size)
  if (ranges.length !== proof.length) return null
  let hash = leaf
  for (const [step, sibling] of proof.entries()) {
    const right = (ranges[step] as LeafRange).start > index
    hash = await (right ? nodeHash(sha256, hash, sibling) : nodeHash(sha256, sibling, hash))
  }
  return hash
}

/** Checks whether a proof shows that the log of `before` leaves is the beginning of the log of `size` leaves. */
export async function isConsistent(
  sha256: Digest,
  before: { readonly size: number; readonly root: Hash },
  after: { readonly size: number; readonly root: Hash },
  proof: readonly Hash[],
): Promise<boolean> {
  if (before.size < 1 || before.size > after.size) return false
  const ranges = consistencyRanges(before.size, after.size)
  if (ranges.length !== proof.length) return false
  if (ranges.length === 0) return sameHash(before.root, after.root)
  const steps = ranges.map((range, at) => ({ ...range, hash: proof[at] as Hash }))
  // If the old tree is a subtree of the new one, the proof leaves out its root.
  const first =
    ranges[0]?.start === before.size ? { start: 0, end: before.size, hash: before.root } : steps.shift()
  if (!first) return false
  let [old, whole] = [first.hash, first.hash]
  for (const { start, hash } of steps) {
    if (start < first.start) {
      old = await nodeHash(sha256, hash, old)
      whole = await nodeHash(sha256, hash, whole)
    } else {
      whole = await nodeHash(sha256, whole, hash)
    }
  }
  return sameHash(old, before.root) && sameHash(whole, after.root)
}

/**
 * A tree that only grows, and keeps only its right edge in memory. Adding a leaf returns the subtrees that the leaf completes,
 * including itself, for the caller to store.
 */
export class GrowingTree {
  readonly #sha256: Sha256
  /** The complete subtrees of the leaves so far, the largest first. */
  readonly #edge: TreeNode[]
  size: number

  constructor(sha256: Sha256, size = 0, hashOf?: (node: NodeId) => Hash) {
    this.#sha256 = sha256
    this.size = size
    this.#edge = nodesOf({ start: 0, end: size }).map((node) => {
      if (!hashOf) throw new Error('a tree that has leaves begins with its edge')
      return { ...node, hash: hashOf(node) }
    })
  }

  add(leaf: Hash): TreeNode[] {
    let node: TreeNode = { level: 0, index: this.size, hash: leaf }
    const completed = [node]
    for (let left = this.#edge.at(-1); left?.level === node.level; left = this.#edge.at(-1)) {
      this.#edge.pop()
      const hash = nodeHash(this.#sha256, left.hash, node.hash)
      node = { level: node.level + 1, index: left.index / 2, hash }
      completed.push(node)
    }
    this.#edge.push(node)
    this.size++
    return completed
  }

  root(): Hash {
    const [last, ...others] = this.#edge.toReversed()
    if (!last) return this.#sha256()
    return others.reduce((right, { hash }) => nodeHash(this.#sha256, hash, right), last.hash)
  }
}
