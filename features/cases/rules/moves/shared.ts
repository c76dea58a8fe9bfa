import type { UnblockReason } from '#features/exchange/rules/order.ts'
import type { Instant } from '#lib/time.ts'
import { carrierDue, decisionDue, firstActionDue } from '../clocks.ts'
import type { CaseSnapshot } from '../snapshot.ts'
import { type CaseHold, stateOf, statesThat } from '../state.ts'
import type { Calendar, CaseChanges, CaseOrders, Effect } from '../transition.ts'

/** Before police have decided, a phone can be blocked for a while on the word of two of them. */
export const UNDECIDED = statesThat(({ block }) => block === 'undecided')

/**
 * Returns what a case is told to do when its phone is named outside no more: every carrier that was told of it is told
 * so.
 */
export const lift = (reason: UnblockReason): { readonly listed: false; readonly orders: CaseOrders } => ({
  listed: false,
  orders: { action: 'unblock', reason },
})

/** Rejects. One person alone lifts nothing: a temporary block stays until another agrees, or its time is up. */
export const rejection = (
  c: CaseSnapshot,
  by: string | null,
  now: Instant,
  also: CaseChanges = {},
): Effect => ({
  set: {
    rejectedById: by,
    rejectedAt: now,
    decidedAt: now,
    held: null,
    withdrawEffectiveAt: null,
    ...(c.holdUntil && { dueAt: c.holdUntil }),
    ...also,
  },
  claim: 'release',
})

/**
 * Returns what a case is held for once no conflict holds it: an IMEI that a carrier saw in several phones stays with
 * city police until they approve its block, even if a conflict or an appeal is decided meanwhile.
 */
export const heldStill = (c: CaseSnapshot): CaseHold | null =>
  c.sharedAt !== null && c.approvedAt === null ? 'shared_imei' : null

/**
 * Returns the clock of a conflict: city police settle it in the time of every decision, however many sides come to it; the
 * time that a citizen has to answer goes on.
 */
export const conflictClock = (c: CaseSnapshot, { now, holidays }: Calendar): CaseChanges =>
  c.state === 'info_requested' || c.held === 'conflict' ? {} : { dueAt: decisionDue(now, holidays) }

type AfterConflict = (c: CaseSnapshot, calendar: Calendar) => CaseChanges
type OwnClock = NonNullable<ReturnType<typeof stateOf>['clock']>
const asBefore: AfterConflict = () => ({})
const decisionAnew: AfterConflict = (_, { now, holidays }) => ({ dueAt: decisionDue(now, holidays) })
const AFTER_CONFLICT: Readonly<Record<OwnClock, AfterConflict>> = {
  first_action: (c, { now, holidays }) => ({
    dueAt: c.firstActionAt === null ? firstActionDue(now) : decisionDue(now, holidays),
  }),
  decision: decisionAnew,
  reply: asBefore,
  carriers_block: (c, { now }) => ({ dueAt: carrierDue(c.approvedAt ?? now) }),
  unblock_decision: decisionAnew,
  // No conflict holds what is lifted, rejected or over.
  carriers_lift: asBefore,
  appeal: asBefore,
  review: asBefore,
}

/**
 * Returns what a case owes once no conflict holds it: what its state owes, anew where nobody could act on it
 * meanwhile.
 */
export function clockAfterConflict(c: CaseSnapshot, calendar: Calendar): CaseChanges {
  const { clock } = stateOf(c.state)
  return clock === null ? {} : AFTER_CONFLICT[clock](c, calendar)
}
