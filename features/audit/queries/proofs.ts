import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { toBase64 } from '#lib/transparency/base64.ts'
import { consistencyRanges, inclusionRanges, leafHash } from '#lib/transparency/tree.ts'
import { sha256 } from '#platform/signatures.ts'
import {
  hashesOfProofs,
  headOver,
  leafOfEntry,
  rangeHashes,
  type SealedEntry,
  sealedEntry,
  sealedStory,
  storyLength,
  submissionOf,
} from '../repository/proofs.ts'
import { newestHead } from '../repository/tree.ts'
import { leafOf } from '../rules/entry.ts'
import { type EntryProof, PROOF_FORMAT, type PublicProof } from '../rules/proof.ts'
import { type EntryPlace, type ProofCode, proofCode } from '../rules/proof-code.ts'
import { LONGEST_STORY, STORY_FORMAT, type StoryProof } from '../rules/story.ts'

export type { SealedEntry }

interface ProvenEntry {
  readonly entry: SealedEntry
  /** Null until it is sealed. */
  readonly proof: EntryProof | null
}

/** Returns an entry whole, with its proof, for an auditor; or null. */
export const entryWithProof = async (actor: StaffActor, id: bigint): Promise<ProvenEntry | null> =>
  may(actor.role, 'audit:read') ? provenEntry(id) : null

async function provenEntry(id: bigint): Promise<ProvenEntry | null> {
  const entry = await sealedEntry(id)
  return entry && proofOf(entry)
}

async function proofOf(entry: SealedEntry): Promise<ProvenEntry> {
  const head = entry.index === null ? null : await headOver(entry.index + 1)
  if (entry.index === null || head === null) return { entry, proof: null }
  return {
    entry,
    proof: {
      format: PROOF_FORMAT,
      leaf: new TextDecoder().decode(leafOf(entry)),
      index: entry.index,
      size: head.size,
      proof: (await rangeHashes(inclusionRanges(entry.index, head.size))).map(toBase64),
      checkpoint: head.note,
    },
  }
}

/** Returns what proves that a case was entered when it was sent; null until that is sealed, within the minute. */
export async function proofOfSubmission(caseId: string): Promise<EntryProof | null> {
  const entry = await submissionOf(caseId)
  return entry && (await proofOf(entry)).proof
}

/**
 * Returns all that the log says of a case under its newest head, each line with its proof; null where that is nothing.
 */
export async function storyWithProofs(caseId: string): Promise<StoryProof | null> {
  const head = await newestHead()
  const found = head ? await sealedStory(caseId, head.size, LONGEST_STORY) : []
  if (!head || found.length === 0) return null
  const proofs = await hashesOfProofs(found.map(({ index }) => inclusionRanges(index, head.size)))
  return {
    format: STORY_FORMAT,
    caseId,
    entries: found.map((entry, at) => ({
      leaf: new TextDecoder().decode(leafOf(entry)),
      index: entry.index,
      proof: (proofs[at] ?? []).map(toBase64),
    })),
    left: (await storyLength(caseId)) - found.length,
    size: head.size,
    checkpoint: head.note,
  }
}

/**
 * Returns what a case's receipt says of its place in the log: the code, as soon as it is sent, and whether the log is
 * sealed over it by now, so that the code proves something and {@link proofOfSubmission} has a file.
 */
export async function submissionInLog(
  caseId: string,
): Promise<{ readonly code: ProofCode; readonly sealed: boolean } | null> {
  const entry = await submissionOf(caseId)
  if (entry === null) return null
  return {
    code: proofCode(BigInt(entry.id), leafHash(sha256, leafOf(entry))),
    sealed: entry.index !== null && (await headOver(entry.index + 1)) !== null,
  }
}

/** Returns the newest signed tree head; null before the first. */
export const latestCheckpoint = async (): Promise<string | null> => (await newestHead())?.note ?? null

const underNewest = async (
  most: number,
  ranges: (size: number) => ReturnType<typeof inclusionRanges>,
): Promise<PublicProof | null> => {
  const head = await newestHead()
  if (!head || head.size < most) return null
  const proof = await rangeHashes(ranges(head.size))
  return { size: head.size, proof: proof.map(toBase64), checkpoint: head.note }
}

/** Proves that the log of `from` entries is the beginning of what it is now. */
export const consistencyFrom = (from: number): Promise<PublicProof | null> =>
  underNewest(from, (size) => consistencyRanges(from, size))

/** Returns the proof that place `index` is in today's log: hashes alone, which lead to no entry. */
export const inclusionAt = (index: number): Promise<PublicProof | null> =>
  underNewest(index + 1, (size) => inclusionRanges(index, size))

/** Returns the proof of an entry by its id, with the hash of its leaf; null where it is unknown or not sealed yet. */
export async function placeOfEntry(entry: number): Promise<EntryPlace | null> {
  const leaf = await leafOfEntry(BigInt(entry))
  const shown = leaf && (await inclusionAt(leaf.index))
  return shown && { ...shown, index: leaf.index, leaf: toBase64(leaf.hash) }
}
