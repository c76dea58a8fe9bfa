import '#server-only'
import type { Instant } from '#domain/time.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import { db } from '#server/platform/db.ts'

/** Of whom, or of what, the entries are asked for; all of them without either. */
export interface EntryFilter {
  readonly actorId?: string
  readonly subject?: { readonly kind: string; readonly id: string }
}

export interface AuditEntry {
  readonly id: bigint
  readonly at: Instant
  readonly actorKind: 'citizen' | 'staff' | 'carrier' | 'system'
  readonly actorId: string | null
  readonly act: string
  readonly subjectKind: string
  readonly subjectId: string
  readonly facts: Prisma.JsonValue
  /** Its place in the sealed tree; null until it is sealed. */
  readonly leaf: bigint | null
}

/** The newest entries first, from below an id on. Each filter has its index. */
export async function entries(
  { actorId, subject }: EntryFilter,
  below: bigint | null,
  take: number,
): Promise<AuditEntry[]> {
  const rows = await db.auditEntry.findMany({
    where: {
      ...(actorId !== undefined && { actorId }),
      ...(subject && { subjectKind: subject.kind, subjectId: subject.id }),
      ...(below !== null && { id: { lt: below } }),
    },
    orderBy: { id: 'desc' },
    take,
    omit: { requestId: true },
  })
  const leaves = await db.auditLeaf.findMany({
    where: { entryId: { in: rows.map(({ id }) => id) } },
    select: { entryId: true, index: true },
  })
  const leafOf = new Map(leaves.map(({ entryId, index }) => [entryId, index]))
  return rows.map((row) => ({ ...row, leaf: leafOf.get(row.id) ?? null }))
}

/** What the newest entry that changed a case says that it is now. */
export async function newestAfterHash(caseId: string): Promise<Uint8Array | null> {
  const entry = await db.auditEntry.findFirst({
    where: { caseId, afterHash: { not: null } },
    orderBy: { id: 'desc' },
    select: { afterHash: true },
  })
  return entry?.afterHash ?? null
}
