import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import type { Instant } from '#lib/time.ts'
import { db } from '#platform/db.ts'
import { ACTIVE_STATES } from '../rules/state.ts'

export interface DueCase {
  readonly id: string
  /** The version at which it was due: a case that has moved since is not. */
  readonly version: number
}

const BATCH = 100

const dueCases = (where: Prisma.CaseWhereInput, after: string | null): Promise<DueCase[]> =>
  db.case.findMany({
    where: { AND: [where, after === null ? {} : { id: { gt: after } }] },
    orderBy: { id: 'asc' },
    take: BATCH,
    select: { id: true, version: true },
  })

/** Cases whose withdrawal can no longer be undone, a page at a time in order of id. */
export const withdrawalsDue = (now: Instant, after: string | null): Promise<DueCase[]> =>
  dueCases({ withdrawEffectiveAt: { lte: now } }, after)

/** Cases whose citizen has not answered in time, a page at a time in order of id. */
export const infoExpired = (now: Instant, after: string | null): Promise<DueCase[]> =>
  dueCases({ stateText: 'info_requested', dueAt: { lte: now } }, after)

/** Cases whose temporary block's time is up, a page at a time in order of id. */
export const holdsDue = (now: Instant, after: string | null): Promise<DueCase[]> =>
  dueCases({ holdUntil: { lte: now }, OR: [{ held: null }, { held: { not: 'conflict' } }] }, after)

/**
 * Returns cases whose temporary block's time is up while a conflict keeps anybody from approving them, a page at a time
 * in order of id.
 */
export const holdsKept = (now: Instant, after: string | null): Promise<DueCase[]> =>
  dueCases({ holdUntil: { lte: now }, held: 'conflict' }, after)

/** Cases that wait for nobody and are somebody's all the same, a page at a time in order of id. */
export const restingWith = (accountId: string, after: string | null): Promise<DueCase[]> =>
  dueCases({ assigneeId: accountId, needsWork: false, stateText: { in: [...ACTIVE_STATES] } }, after)

/** Forgets the sealed secrets of receipts that can no longer be opened; answers how many. */
export async function dropReceipts(now: Instant): Promise<number> {
  const { count } = await db.case.updateMany({
    where: { receiptUntil: { lte: now } },
    data: { receiptSealed: null, receiptCookieHash: null, receiptUntil: null },
  })
  return count
}

/** Returns cases that have waited for carriers since before an instant, a page at a time in order of id. */
export const waitingForCarriers = (
  states: readonly string[],
  before: Instant,
  after: string | null,
): Promise<DueCase[]> => dueCases({ stateText: { in: [...states] }, stateSince: { lte: before } }, after)
