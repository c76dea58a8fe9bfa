import { decisionDue } from '../clocks.ts'
import { lift, UNDECIDED } from './shared.ts'
import { BY_SYSTEM, fork, type MoveSpec } from './spec.ts'

/** The moves that carriers, or the relay before them, bring about. */
export const CARRIERS = {
  /** A carrier sees the IMEI in several phones: the block is lifted and city police decide. */
  shared: {
    ...BY_SYSTEM,
    from: [...UNDECIDED, 'verified', 'blocking', 'blocked'],
    // A question to the citizen stays open.
    to: fork(['under_review', null], (c) => (c.state === 'info_requested' ? null : 'under_review')),
    whileWithdrawing: true,
    refuse: (c) => {
      // Once it is decided, the same answer from a carrier asks nothing new.
      if (c.sharedAt !== null) return 'wrong_state'
      return c.holdUntil === null && c.approvedAt === null ? 'no_hold' : null
    },
    effect: (c, { now, holidays }) => ({
      set: {
        held: 'shared_imei',
        sharedAt: now,
        holdUntil: null,
        assigneeId: null,
        verifiedById: null,
        decidedAt: null,
        approvedAt: null,
        blockedAt: null,
        ...(c.state !== 'info_requested' && { dueAt: decisionDue(now, holidays) }),
      },
      ...lift('wrong'),
    }),
    begins: 'shared_imei',
  },
  /** The relay let the order not go out: police look at it once more. A temporary block that waited is over. */
  withheld: {
    ...BY_SYSTEM,
    from: ['blocking', ...UNDECIDED, 'verified', 'rejected'],
    // Only an approved case has to be approved again.
    to: fork(['verified', null], (c) => (c.state === 'blocking' ? 'verified' : null)),
    text: true,
    whileHeld: true,
    whileWithdrawing: true,
    refuse: (c) => (c.state === 'blocking' || c.holdUntil !== null ? null : 'no_hold'),
    // Where a carrier has an earlier, temporary block, that is over as well.
    effect: (c, { now, holidays }) =>
      c.state === 'blocking'
        ? { set: { approvedAt: null, dueAt: decisionDue(now, holidays) }, ...lift('expired') }
        : { set: { holdUntil: null }, ...lift('expired') },
    sending: 'recall',
  },
  carriers_applied: {
    ...BY_SYSTEM,
    from: ['blocking'],
    to: 'blocked',
    whileHeld: true,
    refuse: null,
    effect: (c, { now, holidays }) => ({
      set: { blockedAt: now, ...(c.imeiPaperAt && { dueAt: decisionDue(c.imeiPaperAt, holidays) }) },
    }),
    completes: 'block',
    publicFigure: 'blocked',
  },
} as const satisfies Record<string, MoveSpec>
