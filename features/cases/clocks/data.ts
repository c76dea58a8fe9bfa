import '#server-only'
import { Prisma } from '#generated/prisma/client.ts'
import type { Instant } from '#lib/time.ts'
import { db } from '#platform/db.ts'
import type { Move } from '../moves/rules.ts'
import type { QueueKey } from '../queue/rules.ts'
import { ACTIVE_STATES, type CaseState, statesThat } from '../record/state-rules.ts'
import { holdRequestsDueBefore } from './rules.ts'

export interface DueCase {
  readonly id: string
  /** The version at which the case was due. If it has moved since, it is not due any more. */
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

const DUE = {
  end_hold: (now) => ({ holdUntil: { lte: now }, OR: [{ held: null }, { held: { not: 'conflict' } }] }),
  /** The time of the temporary block is over, but a conflict keeps anybody from approving the case. */
  keep_block: (now) => ({ holdUntil: { lte: now }, held: 'conflict' }),
  /** The temporary block, or its renewal, was requested a day ago and not confirmed. */
  lapse_hold: (now) => ({
    OR: [
      {
        holdAskedById: { not: null },
        holdConfirmedById: null,
        holdDueAt: { lte: holdRequestsDueBefore(now) },
      },
      {
        renewalAskedById: { not: null },
        renewalConfirmedById: null,
        renewalDueAt: { lte: holdRequestsDueBefore(now) },
      },
    ],
    needsWork: true,
    stateText: { in: [...statesThat(({ block }) => block === 'undecided')] },
  }),
  end_watch: (now) => ({
    ...{ watchUntil: { lte: now }, stateText: 'watching' },
    OR: [{ held: null }, { held: { not: 'shared_imei' } }],
  }),
  finish_withdrawal: (now) => ({ withdrawEffectiveAt: { lte: now } }),
  expire: (now) => ({ stateText: 'info_requested', dueAt: { lte: now } }),
} as const satisfies Partial<Record<Move, (now: Instant) => Prisma.CaseWhereInput>>

export type ClockMove = keyof typeof DUE | 'remind_reply'

/** Returns the cases that a clock moves now, one page at a time in order of id. */
export const listDue = (move: ClockMove, now: Instant, after: string | null): Promise<DueCase[]> =>
  move === 'remind_reply' ? listRemindersDue(now, after) : dueCases(DUE[move](now), after)

/**
 * Returns cases whose citizen has a contact and may be due a reminder of a question. The rule itself (`isReminderDue`) is checked
 * again for each.
 */
const listRemindersDue = (now: Instant, after: string | null): Promise<DueCase[]> =>
  db.$queryRaw<DueCase[]>`
    SELECT id, version FROM cases
    WHERE state_text = 'info_requested' AND withdraw_effective_at IS NULL AND contact_kind IS NOT NULL
      AND ${now}::timestamptz < due_at AND ${now}::timestamptz >= due_at - interval '5 days'
      AND (reminded_at IS NULL OR reminded_at < due_at - interval '5 days'
        OR ${now}::timestamptz >= due_at - interval '1 day' AND reminded_at < due_at - interval '1 day')
      AND (${after}::uuid IS NULL OR id > ${after}::uuid)
    ORDER BY id LIMIT ${BATCH}`

/** Returns an account's active cases that need no work, one page at a time in order of id. */
export const listRestingWith = (accountId: string, after: string | null): Promise<DueCase[]> =>
  dueCases({ assigneeId: accountId, needsWork: false, stateText: { in: [...ACTIVE_STATES] } }, after)

/** Deletes the sealed secrets of receipts that can no longer be opened; returns the number. */
export async function dropReceipts(now: Instant): Promise<number> {
  const { count } = await db.case.updateMany({
    where: { receiptUntil: { lte: now } },
    data: { receiptSealed: null, receiptCookieHash: null, receiptUntil: null },
  })
  return count
}

/** Returns the query of {@link listWaitingSince}. Separate so that a test can ask the database for its plan. */
export const writeWaitingQuery = (
  state: CaseState,
  before: Instant,
  after: QueueKey | null,
  limit: number,
): Prisma.Sql =>
  Prisma.sql`SELECT c.id, c.act_by AS at FROM cases c
    WHERE c.state_text = ${state} AND c.state_since <= ${before}::timestamptz
      ${after === null ? Prisma.empty : Prisma.sql`AND (c.act_by, c.id) > (${after.at}::timestamptz, ${after.id}::uuid)`}
    ORDER BY c.act_by, c.id LIMIT ${limit}`

export const listWaitingSince = (...query: Parameters<typeof writeWaitingQuery>): Promise<QueueKey[]> =>
  db.$queryRaw<QueueKey[]>(writeWaitingQuery(...query))
