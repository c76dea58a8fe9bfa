import '#server-only'
import type { StaffReader } from '#domain/access/actor.ts'
import type { CaseScope } from '#domain/access/scope.ts'
import type { DisclosureReason } from '#domain/case/disclosure.ts'
import type { Instant } from '#domain/time.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import { unseal, unwrap } from '#server/platform/crypto.ts'
import { db, type Tx } from '#server/platform/db.ts'
import { WRAPPED_KEY } from '#server/platform/key-wrapper.ts'
import { inScope } from '#server/platform/scope.ts'

/** Which of some cases are open in a session, and until when. */
export async function openUntil(
  { sessionId }: StaffReader,
  caseIds: readonly string[],
  now: Instant,
  tx: Tx = db,
): Promise<ReadonlyMap<string, Instant>> {
  const rows = await tx.disclosure.findMany({
    where: { sessionId, caseId: { in: [...caseIds] }, until: { gt: now } },
    select: { caseId: true, until: true },
  })
  return new Map(rows.map(({ caseId, until }) => [caseId, until]))
}

export async function insertDisclosure(tx: Tx, row: Prisma.DisclosureUncheckedCreateInput): Promise<void> {
  await tx.disclosure.create({ data: row, select: { id: true } })
}

/** Keeps a query for openings inside somebody's scope over cases; whoever showed the status alone sees none. */
function within(scope: CaseScope): Prisma.DisclosureWhereInput {
  switch (scope.kind) {
    case 'one':
      return { caseId: scope.access === 'full' ? scope.caseId : { in: [] } }
    case 'area':
      return { key: { OR: [{ case: { areaId: scope.areaId } }, { objection: { areaId: scope.areaId } }] } }
    case 'city':
    case 'system':
      return {}
  }
}

/** A case's newest openings, without words: what its citizen may know. */
export async function openings(
  scope: CaseScope,
  caseId: string,
  take: number,
): Promise<{ at: Instant; areaId: string | null; reason: DisclosureReason }[]> {
  const rows = await inScope(scope, () =>
    db.disclosure.findMany({
      where: { AND: [{ caseId }, within(scope)] },
      orderBy: { openedAt: 'desc' },
      take,
      select: { openedAt: true, areaId: true, reason: true },
    }),
  )
  return rows.map(({ openedAt: at, ...row }) => ({ at, ...row }))
}

export interface OpeningForPolice {
  readonly id: string
  readonly at: Instant
  readonly accountId: string
  readonly areaId: string | null
  readonly reason: DisclosureReason
  readonly note: string | null
}

/** The same for police: by whom, and in their words. */
export async function openingsWithWords(
  scope: CaseScope,
  caseId: string,
  take: number,
): Promise<OpeningForPolice[]> {
  const rows = await inScope(scope, () =>
    db.disclosure.findMany({
      where: { AND: [{ caseId }, within(scope)] },
      orderBy: { openedAt: 'desc' },
      take,
      select: {
        id: true,
        openedAt: true,
        accountId: true,
        areaId: true,
        reason: true,
        note: true,
        key: { select: WRAPPED_KEY },
      },
    }),
  )
  return rows.map(({ openedAt: at, note, key, ...row }) => ({
    ...row,
    at,
    note: note && unseal<string>(unwrap(caseId, key), notePlace(row.id), note),
  }))
}

/** Everybody who has opened a case, each with their latest time, newest first. */
export async function openers(
  scope: CaseScope,
  caseId: string,
): Promise<{ readonly accountId: string; readonly at: Instant }[]> {
  const rows = await inScope(scope, () =>
    db.disclosure.groupBy({
      by: ['accountId'],
      where: { AND: [{ caseId }, within(scope)] },
      _max: { openedAt: true },
      orderBy: { _max: { openedAt: 'desc' } },
    }),
  )
  return rows.flatMap(({ accountId, _max: { openedAt: at } }) => (at ? [{ accountId, at }] : []))
}

export const notePlace = (id: string): string => `disclosure:${id}`
