import type { UnblockReason } from '#features/exchange/orders/rules.ts'
import type { Instant } from '#lib/time.ts'
import { carrierDue, decisionDue, firstActionDue } from '../clocks/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { type CaseHold, stateOf, statesThat } from '../record/state-rules.ts'
import type { Calendar, CaseChanges, CaseOrders, Effect } from './transition-rules.ts'

/** The states before a decision, in which two people can block a phone for a while. */
export const UNDECIDED = statesThat(({ block }) => block === 'undecided')

/** Clears the numbers that wait for police, with a paper of their own or agreed on by only one person. */
export const NO_IMEI_ASKED = { imeisVerifiedById: null, imeiPaperAt: null } as const

/**
 * Returns the effect of an unblock: the phone is no longer named to carriers and the public, and every carrier that was
 * told to block it is told to unblock it.
 */
export const lift = (reason: UnblockReason): { readonly listed: false; readonly orders: CaseOrders } => ({
  listed: false,
  orders: { action: 'unblock', reason },
})

/** Clears a carrier's report of a shared IMEI that waits for city police. */
export const NO_WORD = { sharedDueAt: null, sharedProposal: null, sharedProposedById: null } as const

/**
 * Returns the effect of a rejection. One person alone lifts no block: a temporary one stays until a second person
 * agrees, or its time is over.
 */
export const rejection = (
  c: CaseSnapshot,
  by: string | null,
  now: Instant,
  also: CaseChanges = {},
): Effect => ({
  set: {
    rejectedById: by,
    rejectedAt: now,
    heardAt: null,
    decidedAt: now,
    held: null,
    hearingUntil: null,
    withdrawEffectiveAt: null,
    ...(c.holdUntil && { dueAt: c.holdUntil }),
    ...also,
  },
  claim: 'release',
})

/**
 * Returns the reason to keep a case held after a conflict, or null. An IMEI that a carrier saw in several phones stays with city
 * police until they approve its block, even if a conflict or an appeal is decided meanwhile.
 */
export const heldAfterConflict = (c: CaseSnapshot): CaseHold | null =>
  c.sharedAt !== null && c.approvedAt === null ? 'shared_imei' : null

type AfterConflict = (c: CaseSnapshot, calendar: Calendar) => CaseChanges

const asBefore: AfterConflict = () => ({})
const decisionAnew: AfterConflict = (_, { now, holidays }) => ({ dueAt: decisionDue(now, holidays) })
const AFTER_CONFLICT: Readonly<Record<NonNullable<ReturnType<typeof stateOf>['clock']>, AfterConflict>> = {
  first_action: (c, { now, holidays }) => ({
    dueAt: c.firstActionAt === null ? firstActionDue(now) : decisionDue(now, holidays),
  }),
  decision: decisionAnew,
  reply: asBefore,
  carriers_block: (c, { now }) => ({ dueAt: carrierDue(c.approvedAt ?? now) }),
  unblock_decision: decisionAnew,
  // No conflict holds a case that is lifted, rejected or over.
  carriers_lift: asBefore,
  appeal: asBefore,
  review: asBefore,
  reopen: asBefore,
}

/** Returns the clock of a case after a conflict: that of its state, restarted if the case could not be acted on meanwhile. */
export function clockAfterConflict(c: CaseSnapshot, calendar: Calendar): CaseChanges {
  const { clock } = stateOf(c.state)
  return clock === null ? {} : AFTER_CONFLICT[clock](c, calendar)
}
