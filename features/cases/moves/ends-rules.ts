import type { UnblockReason } from '#features/exchange/orders/rules.ts'
import type { Instant } from '#lib/time.ts'
import { decisionDue, reviewUntil, withdrawalEffective } from '../clocks/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { statesThat } from '../record/state-rules.ts'
import { appealOpen } from '../remedies/rules.ts'
import { heldAfterConflict, lift } from './shared-rules.ts'
import { BY_CITIZEN, BY_SYSTEM, type MoveSpec } from './spec-rules.ts'
import type { CaseRefusal, Effect } from './transition-rules.ts'

export const UNAPPROVED = statesThat(({ block }) => block === 'undecided' || block === 'unapproved')

const over = (c: CaseSnapshot, now: Instant, reason: UnblockReason): Effect => ({
  set: { withdrawEffectiveAt: null, closedAt: now, held: null, hearingUntil: null, holdUntil: null },
  claim: 'release',
  ...(c.holdUntil && lift(reason)),
})

/**
 * Returns why a lifted block cannot be reviewed, or null. A block that was lifted because its holder was right can be reviewed
 * once, within the time limit.
 */
function refuseReview(c: CaseSnapshot, now: Instant): CaseRefusal | null {
  if (c.overturnedAt === null) return 'wrong_state'
  if (c.reviewAskedAt !== null) return 'appeal_used'
  return now > reviewUntil(c.closedAt ?? c.overturnedAt) ? 'appeal_late' : null
}

function refuseAppeal(c: CaseSnapshot, now: Instant): CaseRefusal | null {
  if (c.appealedAt !== null) return 'appeal_used'
  return c.rejectedAt !== null && !appealOpen(c, now) ? 'appeal_late' : null
}

/** The moves that end a case without a block, and those by which its citizen has the end reviewed. */
export const ENDS = {
  withdraw: {
    ...BY_CITIZEN,
    atDesk: true,
    from: UNAPPROVED,
    to: null,
    textIsPublic: true,
    whileHeld: true,
    refuse: null,
    effect: (_, { now }) => ({ set: { withdrawEffectiveAt: withdrawalEffective(now) } }),
    begins: 'withdrawal',
    form: {
      act: 'case',
      look: 'danger',
      place: 'last',
      folded: () => true,
      message: { label: 'withdraw.message', optional: true, rows: 2 },
      files: false,
    },
  },
  undo_withdraw: {
    ...BY_CITIZEN,
    atDesk: true,
    byCode: true,
    from: UNAPPROVED,
    to: null,
    whileHeld: true,
    whileWithdrawing: true,
    refuse: (c, { now }) =>
      c.withdrawEffectiveAt === null || c.withdrawEffectiveAt <= now ? 'no_withdrawal' : null,
    effect: () => ({ set: { withdrawEffectiveAt: null } }),
    form: { act: 'case', look: 'primary', place: 'urgent', message: null, files: false },
  },
  finish_withdrawal: {
    ...BY_SYSTEM,
    from: UNAPPROVED,
    to: 'withdrawn',
    whileHeld: true,
    whileWithdrawing: true,
    refuse: (c, { now }) => {
      if (c.withdrawEffectiveAt === null) return 'no_withdrawal'
      return c.withdrawEffectiveAt > now ? 'withdrawal_running' : null
    },
    effect: (c, { now }) => over(c, now, 'withdrawn'),
  },
  expire: {
    ...BY_SYSTEM,
    from: ['info_requested'],
    to: 'expired',
    whileHeld: true,
    whileWithdrawing: true,
    refuse: (c, { now }) => (c.dueAt > now ? 'wrong_state' : null),
    effect: (c, { now }) => over(c, now, 'expired'),
  },
  /** Appeals against a rejection, or asks once for the review of an unblock that a holder's objection caused. */
  appeal: {
    ...BY_CITIZEN,
    atDesk: true,
    // There is only one appeal, so the person it is against does not write it down.
    notBy: ['rejecter'],
    from: ['rejected', 'unblocked'],
    to: 'under_review',
    needs: ['reportedAnew'],
    text: true,
    textIsPublic: true,
    refuse: (c, { now, reportedAnew }) => {
      const late = c.state === 'unblocked' ? refuseReview(c, now) : refuseAppeal(c, now)
      // The owner of a phone is decided in one of the person's cases at a time.
      return late ?? (reportedAnew ? 'reported_anew' : null)
    },
    effect: (c, { now, holidays }) => ({
      set: {
        appealedAt: now,
        ...(c.state === 'unblocked' && {
          reviewAskedAt: now,
          closedAt: null,
          unblockVerifiedById: null,
          unblockReason: null,
        }),
        assigneeId: null,
        verifiedById: null,
        decidedAt: null,
        // A block that was lifted when the case lost a conflict is over: the case starts again.
        approvedAt: null,
        blockedAt: null,
        dueAt: decisionDue(now, holidays),
        held: heldAfterConflict(c),
      },
      claim: 'gain',
    }),
    tells: (c) => (c.state === 'unblocked' ? 'appeal_review' : null),
    form: {
      act: 'case',
      look: 'primary',
      place: 'main',
      message: { label: 'appeal.message', optional: false, rows: 5, empty: { fault: 'appeal_empty' } },
      files: true,
      variant: (c) => (c.state === 'unblocked' ? 'review' : null),
    },
  },
} as const satisfies Record<string, MoveSpec>
