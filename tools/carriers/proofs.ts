import { createHash, createPublicKey, verify } from 'node:crypto'
import type { Changes, Entry } from './interface-client.ts'

// The checks of a carrier before it blocks a phone: RFC 6962 (trees), C2SP signed notes and checkpoints, RFC 8785
// (canonical JSON).

export const sha256 = (...parts: readonly (string | Uint8Array)[]): Buffer => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** Returns canonical JSON (RFC 8785): without blanks, keys sorted by their code units. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`
}

/** Returns the hash of a line, over all fields except its place in the log. */
export const hashOf = ({ leaf: _, ...line }: Entry): Buffer => sha256(canonical(line))

/** The chain of a book before its first line, in hexadecimal. */
export const CHAIN_START = '0'.repeat(64)

export const chained = (chain: string, lines: readonly Entry[]): string =>
  lines.reduce((last, line) => sha256(Buffer.from(last, 'hex'), hashOf(line)).toString('hex'), chain)

interface Head {
  readonly size: number
  readonly root: Buffer
}

const LOG = 1
const WITNESS = 4

/**
 * Returns whether a note is signed by a key of a type, given as `name+id+base64`. A witness's signature begins with its
 * time.
 */
function isSigned(note: string, key: string, type: typeof LOG | typeof WITNESS): boolean {
  const [, name = '', id = '', encoded = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(key.trim()) ?? []
  const bytes = Buffer.from(encoded, 'base64')
  const isKey = bytes.length === 33 && bytes[0] === type
  if (!isKey || sha256(`${name}\n`, bytes).toString('hex', 0, 4) !== id) return false
  const x = bytes.subarray(1).toString('base64url')
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  const [, text = '', lines = ''] = /^(.*\n)\n((?:— \S+ \S+\n)+)$/s.exec(note) ?? []
  return lines.split('\n').some((line) => {
    const [, signer, value = ''] = line.split(' ')
    const signature = Buffer.from(value, 'base64')
    if (signer !== name || signature.toString('hex', 0, 4) !== id) return false
    if (type === LOG) return verify(null, Buffer.from(text), publicKey, signature.subarray(4))
    if (signature.length !== 76) return false
    const message = `cosignature/v1\ntime ${signature.readBigUInt64BE(4)}\n${text}`
    return verify(null, Buffer.from(message), publicKey, signature.subarray(12))
  })
}

/** Returns the head of the log in a checkpoint; null unless `key` signed it. */
export function readHead(checkpoint: string, key: string): Head | null {
  const [, origin, size, root = ''] = /^([^\n]+)\n([1-9]\d{0,15})\n([^\n]+)\n/.exec(checkpoint) ?? []
  if (origin !== key.split('+')[0] || !isSigned(checkpoint, key, LOG)) return null
  return { size: Number(size), root: Buffer.from(root, 'base64') }
}

/** Returns whether enough witnesses signed a checkpoint for a policy (c2sp.org/tlog-policy). */
export function isWitnessed(checkpoint: string, policy: string): boolean {
  const rows = policy.split('\n').map((line) => line.trim().split(/\s+/))
  const met = (name: string): boolean => {
    if (name === 'none') return true
    const [kind, , what = '', ...members] = rows.find(([, named]) => named === name) ?? []
    if (kind === 'witness') return isSigned(checkpoint, what, WITNESS)
    const least = { any: 1, all: members.length }[what] ?? Number(what)
    return kind === 'group' && members.filter(met).length >= least
  }
  const quorum = rows.find(([kind]) => kind === 'quorum')?.[1]
  return quorum !== undefined && met(quorum)
}

/**
 * Combines two hashes with the hashes of a path (RFC 9162, 2.1): hashes on the left go into both, those on the right only
 * into the second. Returns null if the path has the wrong length.
 */
function climb(at: number, last: number, [before, after]: [Buffer, Buffer], path: readonly Buffer[]) {
  const up = () => {
    at = Math.floor(at / 2)
    last = Math.floor(last / 2)
  }
  for (const one of path) {
    if (last === 0 || one.length !== 32) return null
    if (at % 2 === 1 || at === last) {
      before = sha256(Buffer.of(1), one, before)
      after = sha256(Buffer.of(1), one, after)
      while (at % 2 === 0 && at !== 0) up()
    } else after = sha256(Buffer.of(1), after, one)
    up()
  }
  return last === 0 ? { before, after } : null
}

const fromBase64 = (text: string): Buffer => Buffer.from(text, 'base64')

/** Returns whether a proof leads from leaf `index` to the root of a head. */
function isIncluded(leaf: Buffer, index: number, { size, root }: Head, proof: readonly string[]): boolean {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return false
  return climb(index, size - 1, [leaf, leaf], proof.map(fromBase64))?.after.equals(root) ?? false
}

/** Returns whether a proof shows that the log of one head begins with the log of the other. */
export function isGrown(before: Head, after: Head, proof: readonly string[]): boolean {
  if (before.size === after.size) return before.root.equals(after.root)
  const path = proof.map(fromBase64)
  if (Number.isInteger(Math.log2(before.size))) path.unshift(before.root)
  const [first, ...rest] = path
  if (!first || before.size > after.size) return false
  let [at, last] = [before.size - 1, after.size - 1]
  while (at % 2 === 1) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  const found = climb(at, last, [first, first], rest)
  return (found?.before.equals(before.root) && found.after.equals(after.root)) ?? false
}

/** Returns the sequences of the lines that the log, signed by `key`, proves to be ordered of `carrier`. */
export function provenLines(answer: Changes, key: string, carrier: string): ReadonlySet<number> {
  const head = answer.checkpoint ? readHead(answer.checkpoint, key) : null
  if (!head) return new Set()
  const proofs = new Map((answer.proofs ?? []).map((one) => [one.seq, one]))
  const isProven = (line: Entry): boolean => {
    const proof = proofs.get(line.seq)
    if (!proof || typeof line.leaf !== 'number') return false
    const entry = readEntry(proof.entry)
    const says =
      entry?.act === 'order.line' && entry.facts?.carrier === carrier && entry.facts.seq === line.seq
    if (!says || entry.facts?.lineHash !== hashOf(line).toString('hex')) return false
    // From version 3 on, the tree holds the hash of an entry's text.
    const text = Number(entry?.v) >= 3 ? sha256(proof.entry) : proof.entry
    return isIncluded(sha256(Buffer.of(0), text), line.leaf, head, proof.proof)
  }
  return new Set(answer.entries.filter(isProven).map(({ seq }) => seq))
}

interface LogEntry {
  readonly v?: unknown
  readonly act?: unknown
  readonly facts?: { readonly carrier?: unknown; readonly seq?: unknown; readonly lineHash?: unknown }
}

function readEntry(text: string): LogEntry | null {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
