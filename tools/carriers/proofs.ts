import { createHash, createPublicKey, verify } from 'node:crypto'
import type { Changes, Entry } from './interface-client.ts'

// What a carrier checks before it blocks a phone: RFC 6962 (trees), C2SP signed notes and checkpoints, RFC 8785 (canonical JSON).

const sha256 = (...parts: readonly (string | Uint8Array)[]): Buffer => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** Returns JSON in its one form (RFC 8785): without blanks, keys in the order of their code units. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`
}

/** Returns the hash of a line: that of all its fields but its place in the log. */
export const hashOf = ({ leaf: _, ...line }: Entry): Buffer => sha256(canonical(line))

/** The chain of a book before its first line, in hexadecimal digits. */
export const CHAIN_START = '0'.repeat(64)

/** Returns the chain of a book after more lines. */
export const chained = (chain: string, lines: readonly Entry[]): string =>
  lines.reduce((last, line) => sha256(Buffer.from(last, 'hex'), hashOf(line)).toString('hex'), chain)

interface Head {
  readonly size: number
  readonly root: Buffer
}

const ED25519 = 1

/** Returns the head of the log that a checkpoint states; null unless it is signed by `key`, a line `name+id+base64`. */
export function readHead(checkpoint: string, key: string): Head | null {
  const [, name = '', id = '', encoded = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(key.trim()) ?? []
  const bytes = Buffer.from(encoded, 'base64')
  const isKey = bytes.length === 33 && bytes[0] === ED25519
  if (!isKey || sha256(`${name}\n`, bytes).toString('hex', 0, 4) !== id) return null
  const x = bytes.subarray(1).toString('base64url')
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  const [, text = '', lines = ''] = /^(.*\n)\n((?:— \S+ \S+\n)+)$/s.exec(checkpoint) ?? []
  const isSigned = lines.split('\n').some((line) => {
    const [, signer, value = ''] = line.split(' ')
    const signature = Buffer.from(value, 'base64')
    const isOurs = signer === name && signature.toString('hex', 0, 4) === id
    return isOurs && verify(null, Buffer.from(text), publicKey, signature.subarray(4))
  })
  const [, origin, size, root = ''] = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([^\n]+)\n/.exec(text) ?? []
  if (!isSigned || origin !== name) return null
  return { size: Number(size), root: Buffer.from(root, 'base64') }
}

/** Tells whether a proof leads from leaf `index` to the root of a head (RFC 9162, 2.1.3.2). */
function isIncluded(leaf: Buffer, index: number, { size, root }: Head, proof: readonly string[]): boolean {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return false
  let [at, last, hash] = [index, size - 1, leaf]
  const up = () => {
    at = Math.floor(at / 2)
    last = Math.floor(last / 2)
  }
  for (const text of proof) {
    const sibling = Buffer.from(text, 'base64')
    if (last === 0 || sibling.length !== 32) return false
    if (at % 2 === 1 || at === last) {
      hash = sha256(Buffer.of(1), sibling, hash)
      while (at % 2 === 0 && at !== 0) up()
    } else hash = sha256(Buffer.of(1), hash, sibling)
    up()
  }
  return last === 0 && hash.equals(root)
}

/** Returns the sequences of the lines of which the log, by its `key`, says that they were ordered of `carrier`. */
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
    // From version 3 on an entry stands in the tree as the hash of its text.
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
