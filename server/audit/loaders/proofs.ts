import '#server-only'
import { toBase64 } from '#domain/audit/base64.ts'
import { leafOf } from '#domain/audit/entry.ts'
import { type EntryProof, PROOF_FORMAT, type PublicProof } from '#domain/audit/proof.ts'
import { consistencyRanges, inclusionRanges } from '#domain/audit/tree.ts'
import { headOver, rangeHashes, type SealedEntry, sealedEntry, submissionOf } from '../repository/proofs.ts'
import { newestHead } from '../repository/tree.ts'

export type { SealedEntry }

/** An entry whole, with its proof once it is sealed; null where there is none. */
export async function entryWithProof(
  id: bigint,
): Promise<{ readonly entry: SealedEntry; readonly proof: EntryProof | null } | null> {
  const entry = await sealedEntry(id)
  const head = entry?.index == null ? null : await headOver(entry.index + 1)
  if (entry?.index == null || head === null) return entry && { entry, proof: null }
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

/** What proves that a case was entered when it was sent; null until that is sealed, within the minute. */
export async function proofOfSubmission(caseId: string): Promise<EntryProof | null> {
  const id = await submissionOf(caseId)
  return id === null ? null : ((await entryWithProof(id))?.proof ?? null)
}

/** Whether {@link proofOfSubmission} has one. */
export async function isSubmissionSealed(caseId: string): Promise<boolean> {
  const id = await submissionOf(caseId)
  const entry = id === null ? null : await sealedEntry(id)
  return entry?.index != null && (await headOver(entry.index + 1)) !== null
}

/** The newest signed tree head; null before the first. */
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

/** That the log of `from` entries is the beginning of what it is now. */
export const consistencyFrom = (from: number): Promise<PublicProof | null> =>
  underNewest(from, (size) => consistencyRanges(from, size))

/** Where place `index` stands in the log as it is now: hashes alone, which lead to no entry. */
export const inclusionAt = (index: number): Promise<PublicProof | null> =>
  underNewest(index + 1, (size) => inclusionRanges(index, size))
