import { isReviewed } from '#features/disputes/sides/rules.ts'
import type { Instant } from '#lib/time.ts'
import {
  decisionDue,
  holdAnswerDue,
  holdExpiry,
  holdRequestLapse,
  renewedHoldExpiry,
} from '../clocks/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { stateOf } from '../record/state-rules.ts'
import { PROOF_REASONS } from './review-rules.ts'
import { lift, UNDECIDED } from './shared-rules.ts'
import { type Attempt, BY_SYSTEM, ELSEWHERE, type MoveSpec } from './spec-rules.ts'
import type { Calendar, CaseRefusal } from './transition-rules.ts'

/**
 * Returns why a temporary block cannot be asked for, or null. Only one case at a time may block a phone, because the end of one
 * block would lift the other.
 */
const refuseHold = (c: CaseSnapshot, { blockedElsewhere }: Attempt): CaseRefusal | null => {
  // A phone that was unblocked for its holder gets no temporary block: the review decides.
  if (isReviewed(c)) return 'lifted_for_holder'
  return blockedElsewhere ? 'blocked_elsewhere' : null
}

export type HoldRequest = Pick<
  CaseSnapshot,
  'holdAskedById' | 'holdConfirmedById' | 'renewalAskedById' | 'renewalConfirmedById'
>

export const waitsForSecondOfHold = (c: HoldRequest): boolean =>
  (c.holdAskedById !== null && c.holdConfirmedById === null) || renewalWaits(c)
const renewalWaits = (c: HoldRequest): boolean =>
  c.renewalAskedById !== null && c.renewalConfirmedById === null

export const NO_RENEWAL = { renewalAskedById: null, renewalDueAt: null } as const

/** Returns when a temporary block would end if renewed now; null if it cannot be renewed. It is renewed once. */
function renewedUntil(c: CaseSnapshot, calendar: Calendar): Instant | null {
  const { holdUntil, holdSince } = c
  if (holdUntil === null || holdUntil <= calendar.now) return null
  const until = renewedHoldExpiry({ holdUntil, holdSince }, decisionOf(c, calendar))
  return until > holdUntil ? until : null
}

/**
 * Returns why a temporary block is not renewed, or null. Only a block by the case's own two people is renewed, once, while in
 * force.
 */
function refuseRenewal(c: CaseSnapshot, facts: Attempt): CaseRefusal | null {
  if (c.renewalConfirmedById !== null || c.blockFromId !== null) return 'renewal_used'
  // Holidays do not change whether a renewal gains time: it lasts at least 72 hours more.
  if (renewedUntil(c, { now: facts.now, holidays: NO_HOLIDAYS }) === null)
    return c.holdUntil === null ? 'no_hold' : 'renewal_used'
  return refuseHold(c, facts)
}
const NO_HOLIDAYS: ReadonlySet<string> = new Set()

/**
 * Returns why a block is not kept, or null. By itself the product renews a case's own block only when that runs out during a
 * conflict, while the case cannot be approved. It passes on another case's block only when that case leaves the conflict.
 * Anything else needs a decision of city police.
 */
function refuseToKeep(c: CaseSnapshot, { blockFrom = [], by, now }: Attempt): CaseRefusal | null {
  if (blockFrom.length === 0) return 'no_block'
  const own = blockFrom.includes(c.id)
  if (own && c.holdUntil === null) return 'no_hold'
  if (by.kind !== 'system') return null
  if (c.held !== 'conflict') return 'no_conflict'
  if (blockFrom.some((id) => id !== c.id)) return null
  return c.holdUntil !== null && c.holdUntil <= now ? null : 'no_hold'
}

/** Returns when the decision of a case with a temporary block is due. */
function decisionOf(c: CaseSnapshot, { now, holidays }: Calendar): Instant {
  const { clock } = stateOf(c.state)
  // While the citizen answers, the decision is due after that.
  if (clock === 'reply') return decisionDue(now, holidays)
  return c.firstActionAt === null ? decisionDue(c.submittedAt, holidays) : c.dueAt
}

const NO_REQUEST = { holdAskedById: null, holdDueAt: null } as const

/** The moves of the temporary block. */
export const HOLD = {
  /** Asks for a temporary block; nothing happens until another person confirms it. */
  hold: {
    from: UNDECIDED,
    to: null,
    who: 'police',
    notBy: ['earlier_decider', 'judge_of_other_claim'],
    evidence: 'matches',
    needs: ['rivals'],
    readyReasons: ['for_sale', 'in_use', 'just_taken'],
    text: true,
    neverWhileShared: true,
    quiet: true,
    refuse: (c, facts) =>
      c.holdAskedById !== null || c.blockFromId !== null ? 'hold_used' : refuseHold(c, facts),
    effect: (_, { staffId, now }) => ({ set: { holdAskedById: staffId, holdDueAt: holdAnswerDue(now) } }),
    judgesClaim: true,
    tellsApprovers: 'to_confirm',
    form: {
      decision: 'hold',
      goes: 'aside',
      key: 'p',
      staysOpen: true,
      stepUp: 'block',
      needsSeal: false,
      on: 'case',
      leavesToAssignee: true,
    },
  },
  confirm_hold: {
    from: UNDECIDED,
    to: null,
    who: 'approver',
    notBy: ['earlier_decider', 'filer', 'hold_asker', 'judge_of_other_claim', 'desk_writer'],
    evidence: 'matches',
    agreesOn: 'hold',
    needs: ['rivals'],
    readyReasons: PROOF_REASONS,
    text: true,
    neverWhileShared: true,
    refuse: (c, facts) => {
      if (c.holdConfirmedById !== null || c.blockFromId !== null) return 'hold_used'
      return c.holdAskedById === null ? 'hold_not_asked' : refuseHold(c, facts)
    },
    effect: (c, { staffId, ...calendar }) => {
      const expiresAt = holdExpiry(calendar.now, decisionOf(c, calendar))
      return {
        set: { holdConfirmedById: staffId, holdUntil: expiresAt, holdSince: calendar.now },
        listed: true,
        orders: { action: 'block', reason: 'hold', expiresAt },
      }
    },
    sending: 'block',
    decides: true,
    judgesClaim: true,
    form: {
      decision: 'confirm_hold',
      goes: 'forward',
      key: 'p',
      stepUp: 'block',
      needsSeal: true,
      on: 'case',
      agreesWith: (c) => ({ as: 'hold_asker', id: c.holdAskedById }),
    },
  },
  /** Asks to renew the temporary block, once; nothing changes until another person confirms it. */
  renew_hold: {
    from: UNDECIDED,
    to: null,
    who: 'police',
    notBy: ['earlier_decider', 'judge_of_other_claim'],
    evidence: 'matches',
    checks: 'blocked',
    needs: ['rivals'],
    readyReasons: ['proof_awaited', 'still_in_use', 'decision_late'],
    text: true,
    neverWhileShared: true,
    quiet: true,
    refuse: (c, facts) => (c.renewalAskedById !== null ? 'renewal_used' : refuseRenewal(c, facts)),
    effect: (_, { staffId, now }) => ({
      set: { renewalAskedById: staffId, renewalDueAt: holdAnswerDue(now) },
    }),
    judgesClaim: true,
    tellsApprovers: 'to_confirm',
    form: {
      decision: 'renew_hold',
      goes: 'aside',
      key: 'p',
      staysOpen: true,
      stepUp: 'block',
      needsSeal: false,
      on: 'case',
      leavesToAssignee: true,
    },
  },
  confirm_renewal: {
    from: UNDECIDED,
    to: null,
    who: 'approver',
    notBy: ['earlier_decider', 'filer', 'renewal_asker', 'judge_of_other_claim', 'desk_writer'],
    evidence: 'matches',
    checks: 'blocked',
    agreesOn: 'renew_hold',
    needs: ['rivals'],
    readyReasons: PROOF_REASONS,
    text: true,
    neverWhileShared: true,
    refuse: (c, facts) => refuseRenewal(c, facts) ?? (renewalWaits(c) ? null : 'hold_not_asked'),
    effect: (c, { staffId, ...calendar }) => {
      const expiresAt = renewedUntil(c, calendar) ?? calendar.now
      return {
        set: { renewalConfirmedById: staffId, renewalDueAt: null, holdUntil: expiresAt },
        listed: true,
        orders: { action: 'block', reason: 'hold', expiresAt, insteadOf: [c.id] },
      }
    },
    sending: 'block',
    decides: true,
    judgesClaim: true,
    form: {
      decision: 'confirm_renewal',
      goes: 'forward',
      key: 'p',
      stepUp: 'block',
      needsSeal: true,
      on: 'case',
      agreesWith: (c) => ({ as: 'renewal_asker', id: c.renewalAskedById }),
    },
  },
  /** Ends a request for a temporary block, or for its renewal, that nobody confirmed in a day. It can be made again. */
  lapse_hold: {
    ...BY_SYSTEM,
    from: UNDECIDED,
    to: null,
    whileHeld: true,
    whileWithdrawing: true,
    quiet: true,
    refuse: (c, { now }) => {
      if (!waitsForSecondOfHold(c)) return 'hold_not_asked'
      const dueAt = c.renewalDueAt ?? c.holdDueAt
      return dueAt === null || holdRequestLapse(dueAt) > now ? 'no_hold' : null
    },
    effect: (c) => ({ set: renewalWaits(c) ? NO_RENEWAL : NO_REQUEST }),
  },
  /** Ends a temporary block that ran out without an approval. */
  end_hold: {
    ...BY_SYSTEM,
    from: [...UNDECIDED, 'verified', 'rejected'],
    to: null,
    whileHeld: true,
    whileWithdrawing: true,
    refuse: (c, { now }) => {
      if (c.held === 'conflict') return 'held'
      return c.holdUntil === null || c.holdUntil > now ? 'no_hold' : null
    },
    effect: () => ({ set: { holdUntil: null }, ...lift('expired') }),
    // A case that was rejected meanwhile does not go on.
    tells: (c) => (c.state === 'rejected' ? 'end_hold_rejected' : null),
  },
  /**
   * Keeps a block in force beyond a conflict, each time until a decision is due. The block passes to the case that is upheld, or
   * to one that still claims the phone when another leaves the conflict. A case that waits for the conflict's end keeps its own
   * block.
   */
  keep_block: {
    ...ELSEWHERE,
    from: [...UNDECIDED, 'verified'],
    to: null,
    who: 'city',
    orSystem: true,
    notBy: [],
    evidence: 'none',
    whileHeld: true,
    whileWithdrawing: true,
    refuse: refuseToKeep,
    effect: (c, { blockFrom = [], now, holidays }) => {
      const expiresAt = holdExpiry(now, decisionDue(now, holidays))
      const other = blockFrom.find((id) => id !== c.id)
      return {
        set: { holdUntil: expiresAt, ...(other !== undefined && { blockFromId: other }) },
        listed: true,
        orders: { action: 'block', reason: 'hold', expiresAt, insteadOf: blockFrom },
      }
    },
    sending: 'block',
  },
  /** A second person agrees with a rejection: the temporary block need not run to its end. */
  lift_hold: {
    from: ['rejected'],
    to: null,
    who: 'approver',
    notBy: ['rejecter'],
    evidence: 'compared',
    checks: 'blocked',
    readyReasons: ['agree'],
    text: true,
    refuse: (c) => (c.holdUntil === null ? 'no_hold' : null),
    effect: () => ({ set: { holdUntil: null }, ...lift('wrong') }),
    form: {
      decision: 'approve_unblock',
      goes: 'forward',
      key: 'v',
      stepUp: 'unblock',
      needsSeal: false,
      on: 'case',
      agreesWith: (c) => ({ as: 'rejecter', id: c.rejectedById }),
    },
  },
} as const satisfies Record<string, MoveSpec>
