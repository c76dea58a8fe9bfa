import '#server-only'
import type { AuditEntry } from '#domain/audit/entry.ts'
import { type Hash, type LeafRange, nodesOf, rangeHash } from '#domain/audit/tree.ts'
import { db } from '#server/platform/db.ts'
import { sha256 } from '#server/platform/signatures.ts'
import { hashesOf } from './tree.ts'

/** An entry with its leaf; both null until it is sealed. */
export type SealedEntry = AuditEntry & { readonly index: number | null; readonly leafHash: Hash | null }

export async function sealedEntry(id: bigint): Promise<SealedEntry | null> {
  const [row, leaf] = await Promise.all([
    db.auditEntry.findUnique({ where: { id } }),
    db.auditLeaf.findUnique({ where: { entryId: id } }),
  ])
  return (
    row && {
      ...row,
      id: String(row.id),
      index: leaf ? Number(leaf.index) : null,
      leafHash: leaf?.hash ?? null,
    }
  )
}

/** The entry with which a case came into the log. */
export async function submissionOf(caseId: string): Promise<bigint | null> {
  const entry = await db.auditEntry.findFirst({
    where: { subjectKind: 'case', subjectId: caseId, act: 'case.submit' },
    orderBy: { id: 'asc' },
    select: { id: true },
  })
  return entry?.id ?? null
}

/** The first tree head that covers so many entries. */
export async function headOver(
  entries: number,
): Promise<{ size: number; note: string; sealedAt: Date } | null> {
  const head = await db.auditHead.findFirst({ where: { size: { gte: entries } }, orderBy: { size: 'asc' } })
  return head && { size: Number(head.size), note: head.note, sealedAt: head.sealedAt }
}

/** The hashes of some ranges, from the kept subtrees they are made of, by one read. */
export async function rangeHashes(ranges: readonly LeafRange[]): Promise<Hash[]> {
  const hashOf = await hashesOf(ranges.flatMap(nodesOf))
  return ranges.map((range) => rangeHash(sha256, range, hashOf))
}
