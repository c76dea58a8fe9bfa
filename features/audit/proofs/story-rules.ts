import { fromBase64 } from '#lib/transparency/base64.ts'
import type { Signers, Verify } from '#lib/transparency/note.ts'
import { type Digest, rootFromInclusion, sameHash } from '#lib/transparency/tree.ts'
import { digestOfLeaf } from '../entries/rules.ts'
import { readCheckpoint, type TreeHead } from '../sealing/rules.ts'
import { type EntryProof, isCount, type LogNow, type ProofState, verifyHead } from './rules.ts'

/**
 * The log's lines about one case, each with its proof, all under one checkpoint. Written as JSON. It proves every line in it,
 * but not that there are no more: that takes the whole log.
 */
export interface StoryProof {
  readonly format: typeof STORY_FORMAT
  readonly caseId: string
  readonly entries: readonly Pick<EntryProof, 'leaf' | 'index' | 'proof'>[]
  /** Lines that are missing here, because they are not sealed yet or are too many for one file. */
  readonly left: number
  readonly size: number
  readonly checkpoint: string
}

export const STORY_FORMAT = 'antam-audit-story/1'
export const LONGEST_STORY = 5_000
export const LONGEST_STORY_FILE = 20_000_000

const isText = (value: unknown): value is string => typeof value === 'string'

const isEntry = (value: Partial<StoryProof['entries'][number]> | null): boolean =>
  isText(value?.leaf) && isCount(value.index) && Array.isArray(value.proof) && value.proof.every(isText)

export function readStory(text: string): StoryProof | null {
  if (text.length > LONGEST_STORY_FILE) return null
  try {
    const { format, caseId, entries, left, size, checkpoint } = JSON.parse(text)
    const fits =
      format === STORY_FORMAT &&
      isText(caseId) &&
      isText(checkpoint) &&
      isCount(left) &&
      isCount(size) &&
      Array.isArray(entries) &&
      entries.length > 0 &&
      entries.every(isEntry)
    return fits ? { format, caseId, entries, left, size, checkpoint } : null
  } catch {
    return null
  }
}

export type StoryVerdict =
  | { readonly holds: true; readonly head: TreeHead }
  | { readonly holds: false; readonly fault: 'checkpoint' }
  /** The line is not the sealed one, belongs to another case, or is out of order. */
  | { readonly holds: false; readonly fault: 'entry'; readonly line: number }

export async function checkStory(
  sha256: Digest,
  verify: Verify,
  signers: Signers,
  { caseId, entries, size, checkpoint }: StoryProof,
): Promise<StoryVerdict> {
  const head = await readCheckpoint(sha256, checkpoint, signers, verify)
  if (head?.size !== size) return { holds: false, fault: 'checkpoint' }
  let last = 0n
  for (const [at, { leaf, index, proof }] of entries.entries()) {
    const hashes = proof.map(fromBase64).filter((one) => one !== null)
    const hash = await digestOfLeaf(sha256, leaf)
    const root = await rootFromInclusion(sha256, hash, index, size, hashes)
    const id = idIn(leaf, caseId)
    const fits = root !== null && hashes.length === proof.length && sameHash(root, head.root)
    if (!fits || id === null || id <= last) return { holds: false, fault: 'entry', line: at + 1 }
    last = id
  }
  return { holds: true, head }
}

function idIn(leaf: string, caseId: string): bigint | null {
  try {
    const entry = JSON.parse(leaf)
    return entry.caseId === caseId && isText(entry.id) ? BigInt(entry.id) : null
  } catch {
    return null
  }
}

export async function judgeStory(
  sha256: Digest,
  verify: Verify,
  signers: Signers,
  story: StoryProof,
  log: LogNow,
): Promise<ProofState> {
  const verdict = await checkStory(sha256, verify, signers, story)
  return verdict.holds ? verifyHead(sha256, verify, signers, verdict.head, log) : verdict.fault
}
