import '#server-only'
import { type Hash, type LeafRange, nodesOf, rangeHash } from '#lib/transparency/tree.ts'
import { db } from '#platform/db.ts'
import { sha256 } from '#platform/signatures.ts'
import type { AuditEntry } from '../rules/entry.ts'
import { hashesOf } from './tree.ts'

/** An entry with its leaf; both null until it is sealed. */
export type SealedEntry = AuditEntry & { readonly index: number | null; readonly leafHash: Hash | null }

export async function sealedEntry(id: bigint): Promise<SealedEntry | null> {
  const row = await db.auditEntry.findUnique({ where: { id } })
  return row && withLeaf(row)
}

type EntryRow = NonNullable<Awaited<ReturnType<typeof db.auditEntry.findUnique>>>

async function withLeaf(row: EntryRow): Promise<SealedEntry> {
  const leaf = await db.auditLeaf.findUnique({ where: { entryId: row.id } })
  return {
    ...row,
    id: String(row.id),
    index: leaf ? Number(leaf.index) : null,
    leafHash: leaf?.hash ?? null,
  }
}

/** Returns how many entries belong to a case. */
export const storyLength = (caseId: string): Promise<number> => db.auditEntry.count({ where: { caseId } })

/** Returns the first entries of a case that stand under the head of `size`, in the order of their ids. */
export async function sealedStory(
  caseId: string,
  size: number,
  most: number,
): Promise<(AuditEntry & { readonly index: number })[]> {
  const rows = await db.auditEntry.findMany({ where: { caseId }, orderBy: { id: 'asc' }, take: most })
  const leaves = await db.auditLeaf.findMany({
    where: { entryId: { in: rows.map(({ id }) => id) }, index: { lt: size } },
    select: { entryId: true, index: true },
  })
  const places = new Map(leaves.map(({ entryId, index }) => [entryId, Number(index)]))
  return rows.flatMap((row) => {
    const index = places.get(row.id)
    return index === undefined ? [] : [{ ...row, id: String(row.id), index }]
  })
}

/** Returns the place of an entry in the tree and its hash there; null until it is sealed. */
export async function leafOfEntry(
  entryId: bigint,
): Promise<{ readonly index: number; readonly hash: Hash } | null> {
  const leaf = await db.auditLeaf.findUnique({ where: { entryId } })
  return leaf && { index: Number(leaf.index), hash: leaf.hash }
}

/** Returns the entry of a case's submission; null where there is none. */
export async function submissionOf(caseId: string): Promise<SealedEntry | null> {
  const row = await db.auditEntry.findFirst({
    where: { subjectKind: 'case', subjectId: caseId, act: 'case.submit' },
    orderBy: { id: 'asc' },
  })
  return row && withLeaf(row)
}

/** Returns the first tree head that covers so many entries. */
export async function headOver(
  entries: number,
): Promise<{ size: number; note: string; sealedAt: Date } | null> {
  const head = await db.auditHead.findFirst({ where: { size: { gte: entries } }, orderBy: { size: 'asc' } })
  return head && { size: Number(head.size), note: head.note, sealedAt: head.sealedAt }
}

/**
 * Returns the hashes of some ranges, from the kept subtrees they are made of, by one read; for several proofs at once.
 */
export async function hashesOfProofs(proofs: readonly (readonly LeafRange[])[]): Promise<Hash[][]> {
  const hashOf = await hashesOf(proofs.flat().flatMap(nodesOf))
  return proofs.map((ranges) => ranges.map((range) => rangeHash(sha256, range, hashOf)))
}

export const rangeHashes = async (ranges: readonly LeafRange[]): Promise<Hash[]> =>
  (await hashesOfProofs([ranges])).flat()
