import { fromBase64, toBase64 } from '#lib/transparency/base64.ts'
import type { Signers, Verify } from '#lib/transparency/note.ts'
import { type Digest, isConsistent, rootFromInclusion, sameHash } from '#lib/transparency/tree.ts'
import { digestOfLeaf } from '../entries/rules.ts'
import { isExplainedByBreak, readResumption } from '../sealing/resumption-rules.ts'
import { readCheckpoint, type TreeHead } from '../sealing/rules.ts'

/** Proves that one entry is in the log; anybody with the log's public key can check it. Written as JSON. */
export interface EntryProof {
  readonly format: typeof PROOF_FORMAT
  /** The entry's text (`textOf`), from which its leaf is made (`isCommitted`). */
  readonly leaf: string
  readonly index: number
  readonly size: number
  /** RFC 6962, 2.1.1, each hash in base64. */
  readonly proof: readonly string[]
  readonly checkpoint: string
}

export const PROOF_FORMAT = 'antam-audit-proof/1'
/** In characters, more than any proof has: a longer file is not read. */
const LONGEST_PROOF = 100_000

export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

/** Parses a proof's file; null if it is none. Uses no library, because it also runs in a browser. */
export function readEntryProof(text: string): EntryProof | null {
  if (text.length > LONGEST_PROOF) return null
  if (text.startsWith(`${TLOG_PROOF}\n`)) return readTlogProof(text)
  try {
    const { format, leaf, index, size, proof, checkpoint } = JSON.parse(text)
    const texts = [leaf, checkpoint, ...proof].every((one) => typeof one === 'string')
    const fits = format === PROOF_FORMAT && Array.isArray(proof) && texts && isCount(index) && isCount(size)
    return fits ? { format, leaf, index, size, proof, checkpoint } : null
  } catch {
    return null
  }
}

const TLOG_PROOF = 'c2sp.org/tlog-proof@v1'

/**
 * Writes a proof in the format of other programs (c2sp.org/tlog-proof). Its extra data is the entry's text, from which the leaf
 * is made.
 */
export const writeTlogProof = ({ leaf, index, proof, checkpoint }: EntryProof): string =>
  [
    TLOG_PROOF,
    `extra ${toBase64(new TextEncoder().encode(leaf))}`,
    `index ${index}`,
    ...proof,
    '',
    checkpoint,
  ].join('\n')

function readTlogProof(text: string): EntryProof | null {
  const [, extra = '', place, lines = '', checkpoint = ''] =
    /^[^\n]+\nextra (\S+)\nindex (0|[1-9]\d{0,15})\n((?:\S+\n)*)\n(.+)$/s.exec(text) ?? []
  const leaf = fromBase64(extra)
  const size = Number(checkpoint.split('\n')[1])
  if (place === undefined || leaf === null || !isCount(size) || size === 0) return null
  const proof = lines.split('\n').slice(0, -1)
  return {
    format: PROOF_FORMAT,
    leaf: new TextDecoder().decode(leaf),
    index: Number(place),
    size,
    proof,
    checkpoint,
  }
}

export type ProofVerdict =
  | { readonly holds: true; readonly head: TreeHead }
  /** `checkpoint`: not signed with this key. `entry`: another entry was sealed there. */
  | { readonly holds: false; readonly fault: 'checkpoint' | 'entry' }

export async function checkProof(
  sha256: Digest,
  verify: Verify,
  signers: Signers,
  { leaf, index, size, proof, checkpoint }: EntryProof,
): Promise<ProofVerdict> {
  const head = await readCheckpoint(sha256, checkpoint, signers, verify)
  if (head?.size !== size) return { holds: false, fault: 'checkpoint' }
  const hash = await digestOfLeaf(sha256, leaf)
  const hashes = proof.map(fromBase64).filter((one) => one !== null)
  const root = await rootFromInclusion(sha256, hash, index, size, hashes)
  const holds = root !== null && hashes.length === proof.length && sameHash(root, head.root)
  return holds ? { holds, head } : { holds: false, fault: 'entry' }
}

/**
 * `dropped`: the proof was valid, but today's log no longer contains it. `broken`: the log does not continue because of a stated
 * and signed break.
 */
export type ProofState = 'holds' | 'entry' | 'checkpoint' | 'dropped' | 'broken'

export interface PublicProof {
  readonly size: number
  readonly proof: readonly string[]
  readonly checkpoint: string
}

/** Checks whether today's log contains the log of `head`; `now` proves the way to the newest checkpoint. */
async function goesOn(
  sha256: Digest,
  verify: Verify,
  signers: Signers,
  head: TreeHead,
  now: Pick<PublicProof, 'proof' | 'checkpoint'>,
): Promise<boolean> {
  const newest = await readCheckpoint(sha256, now.checkpoint, signers, verify)
  const hashes = now.proof.map(fromBase64).filter((one) => one !== null)
  return newest !== null && isConsistent(sha256, head, newest, hashes)
}

export interface LogNow {
  /** Returns the proof from a size to the newest checkpoint; null if the log is shorter. */
  readonly consistencyFrom: (from: number) => Promise<PublicProof | null>
  readonly breaks: () => Promise<readonly string[]>
}

/** Checks whether today's log contains that of `head`, and if not, whether a break explains it. */
export async function verifyHead(
  sha256: Digest,
  verify: Verify,
  signers: Signers,
  head: TreeHead,
  log: LogNow,
): Promise<'holds' | 'dropped' | 'broken'> {
  const now = await log.consistencyFrom(head.size)
  if (now && (await goesOn(sha256, verify, signers, head, now))) return 'holds'
  const notes = await log.breaks()
  const breaks = await Promise.all(notes.map((note) => readResumption(sha256, note, signers, verify)))
  const stated = breaks.filter((one) => one !== null)
  return isExplainedByBreak(stated, head.size) ? 'broken' : 'dropped'
}

export async function judgeProof(
  sha256: Digest,
  verify: Verify,
  signers: Signers,
  proof: EntryProof,
  log: LogNow,
): Promise<ProofState> {
  const verdict = await checkProof(sha256, verify, signers, proof)
  return verdict.holds ? verifyHead(sha256, verify, signers, verdict.head, log) : verdict.fault
}
