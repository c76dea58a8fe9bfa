import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import type { AuditAct, SubjectKind } from './names-rules.ts'

/** All conditions must match; without any, all entries do. */
export interface EntryFilter {
  readonly actorId?: string
  readonly act?: string
  /** The first instant is included, the second excluded. */
  readonly between?: readonly [Instant, Instant]
  readonly subject?: { readonly kind: string; readonly id: string }
}

export interface ListedEntry {
  readonly id: bigint
  readonly at: Instant
  readonly actorKind: 'citizen' | 'staff' | 'carrier' | 'receiver' | 'system'
  readonly actorId: string | null
  readonly act: string
  readonly subjectKind: string
  readonly subjectId: string
  readonly facts: Prisma.JsonValue
  /** Its place in the sealed tree; null until it is sealed. */
  readonly leaf: bigint | null
}

/** A cursor in the list, which is ordered by time, then id. */
export interface EntryCursor {
  readonly at: Instant
  readonly id: bigint
}

/** Returns entries after the cursor, newest first. Each filter has its index. */
export async function listEntries(
  { actorId, act, between, subject }: EntryFilter,
  below: EntryCursor | null,
  take: number,
): Promise<ListedEntry[]> {
  const rows = await db.auditEntry.findMany({
    where: {
      AND: [
        actorId === undefined ? {} : { actorId },
        act === undefined ? {} : { act },
        between ? { at: { gte: between[0], lt: between[1] } } : {},
        subject ? { subjectKind: subject.kind, subjectId: subject.id } : {},
        // The first condition is for the index.
        below ? { at: { lte: below.at }, OR: [{ at: { lt: below.at } }, { id: { lt: below.id } }] } : {},
      ],
    },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take,
    omit: { requestId: true, beforeHash: true, afterHash: true, v: true },
  })
  return withLeaves(rows)
}

async function withLeaves(rows: readonly Omit<ListedEntry, 'leaf'>[]): Promise<ListedEntry[]> {
  const leaves = await db.auditLeaf.findMany({
    where: { entryId: { in: rows.map(({ id }) => id) } },
    select: { entryId: true, index: true },
  })
  const leafOf = new Map(leaves.map(({ entryId, index }) => [entryId, index]))
  return rows.map((row) => ({ ...row, leaf: leafOf.get(row.id) ?? null }))
}

export async function findNewestChange(caseId: string) {
  const entry = await db.auditEntry.findFirst({
    where: { caseId, afterHash: { not: null } },
    orderBy: { id: 'desc' },
    select: { act: true, afterHash: true },
  })
  return entry?.afterHash ? { act: entry.act, afterHash: entry.afterHash } : null
}

/** Returns the facts of the entries about resumptions: the new history's number and the note, signed or not. */
export const listResumptions = async () => {
  const rows = await db.auditEntry.findMany({
    where: { act: 'audit.resumed' },
    orderBy: { id: 'asc' },
    select: { facts: true },
  })
  return rows.map(({ facts }) => facts as { readonly history?: unknown; readonly note?: unknown })
}

export async function findLogged(
  tx: Tx,
  act: AuditAct,
  subjectKind: SubjectKind,
  subjectIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await tx.auditEntry.findMany({
    where: { act, subjectKind, subjectId: { in: [...new Set(subjectIds)] } },
    select: { subjectId: true },
  })
  return new Set(rows.map(({ subjectId }) => subjectId))
}

/** Returns when an act was first done. Entries written later than their act do not count. */
export async function findFirst(act: AuditAct): Promise<Instant | null> {
  const [row] = await db.$queryRaw<{ at: Instant }[]>`
    SELECT at FROM audit_entries WHERE act = ${act} AND NOT facts ? 'later' ORDER BY at LIMIT 1`
  return row?.at ?? null
}

export type NewAuditEntry = Prisma.AuditEntryCreateManyInput

export const listEntriesOfCase = (caseId: string, most: number): Promise<ListedEntry[]> =>
  listEntries({ subject: { kind: 'case', id: caseId } }, null, most)

export const findWhoClosedFound = async (foundId: string, how: 'returned' | 'unclaimed' | 'to_holder') => {
  const [entry] = await listEntries({ subject: { kind: 'found', id: foundId }, act: `found.${how}` }, null, 1)
  return entry?.actorId ?? null
}

const PAGE = 50

export async function readAuditPage(actor: StaffActor, filter: EntryFilter, below: EntryCursor | null) {
  if (!may(actor.role, 'audit:read')) return { entries: [], next: null }
  const found = await listEntries(filter, below, PAGE + 1)
  return { entries: found.slice(0, PAGE), next: found.length > PAGE ? (found[PAGE - 1] ?? null) : null }
}

export async function readStoryPage(actor: StaffActor, caseId: string, above: bigint) {
  if (!may(actor.role, 'audit:read')) return { entries: [], next: null }
  const rows = await db.auditEntry.findMany({
    where: { caseId, id: { gt: above } },
    orderBy: { id: 'asc' },
    take: PAGE + 1,
    omit: { requestId: true, beforeHash: true, afterHash: true, v: true },
  })
  const entries = await withLeaves(rows.slice(0, PAGE))
  return { entries, next: rows.length > PAGE ? (entries.at(-1)?.id ?? null) : null }
}
