import { addMilliseconds, HOUR, type Instant } from '#lib/time.ts'
import { decisionDue } from '../clocks/rules.ts'
import type { CaseSnapshot, SharedAnswer } from '../record/snapshot-rules.ts'
import type { CaseState } from '../record/state-rules.ts'
import { isBlocked } from './objection-rules.ts'
import { lift, NO_WORD, UNDECIDED } from './shared-rules.ts'
import { BY_SYSTEM, type DecisionForm, fork, type MoveSpec } from './spec-rules.ts'
import type { CaseRefusal } from './transition-rules.ts'

/** The states in which a block can be in force, so that city police answer a carrier's report about it. */
const ANSWERED: readonly CaseState[] = [...UNDECIDED, 'verified', 'blocking', 'blocked', 'unblock_review']

/** Lifts the block of an IMEI that is in several phones; city police decide again whether to block the phone. */
const LIFT_SHARED = {
  from: ANSWERED,
  // A question to the citizen stays open.
  to: fork(['under_review', null], (c) => (c.state === 'info_requested' ? null : 'under_review')),
  whileWithdrawing: true,
  effect: (c, { now, holidays }) => ({
    set: {
      held: 'shared_imei',
      sharedAt: now,
      holdUntil: null,
      assigneeId: null,
      verifiedById: null,
      unblockVerifiedById: null,
      unblockReason: null,
      decidedAt: null,
      approvedAt: null,
      blockedAt: null,
      ...(c.state !== 'info_requested' && { dueAt: decisionDue(now, holidays) }),
    },
    ...lift('wrong'),
  }),
  begins: 'shared_imei',
} as const satisfies Partial<MoveSpec>

/** Returns why a carrier's report of a shared IMEI changes nothing, or null. */
function refuseWord(c: CaseSnapshot): CaseRefusal | null {
  // The block was already lifted for this reason; another carrier's report adds nothing.
  if (c.sharedAt !== null) return 'wrong_state'
  return isBlocked(c) ? null : 'no_hold'
}

/** The common part of city police's two answers to one carrier's report. Two people answer, each after opening the proof. */
const ANSWER = {
  from: ANSWERED,
  to: null,
  who: 'city',
  notBy: [],
  evidence: 'opened',
  text: true,
  whileWithdrawing: true,
} as const satisfies Partial<MoveSpec>
const PROPOSE = {
  ...ANSWER,
  quiet: true,
  refuse: (c) => (c.sharedDueAt === null ? 'no_word' : null),
  tellsCity: 'shared_imei',
} as const satisfies Partial<MoveSpec>
const propose =
  (answer: SharedAnswer): MoveSpec['effect'] =>
  (_, { staffId }) => ({ set: { sharedProposal: answer, sharedProposedById: staffId } })
const confirm = (answer: SharedAnswer) =>
  ({
    ...ANSWER,
    notBy: ['shared_proposer'],
    refuse: (c) => {
      if (c.sharedDueAt === null) return 'no_word'
      return c.sharedProposal === answer ? null : 'not_proposed'
    },
    decides: true,
  }) as const satisfies Partial<MoveSpec>
const ON_CASE = { needsSeal: false, on: 'case' } as const
const agreesWith: NonNullable<DecisionForm['agreesWith']> = (c) => ({
  as: 'shared_proposer',
  id: c.sharedProposedById,
})

export const CARRIERS = {
  /** Two carriers independently see the IMEI in several phones: the block is lifted and city police decide. */
  shared: { ...BY_SYSTEM, ...LIFT_SHARED, refuse: refuseWord },
  /** One carrier reports it: the block stays, and city police are notified. */
  shared_said: {
    ...BY_SYSTEM,
    from: ANSWERED,
    to: null,
    whileWithdrawing: true,
    refuse: (c) => (c.sharedDueAt === null ? refuseWord(c) : 'wrong_state'),
    effect: (_, { now }) => ({ set: { sharedDueAt: sharedDue(now) } }),
    begins: 'shared_imei',
    tellsCity: 'shared_imei',
  },
  lift_shared: {
    ...PROPOSE,
    readyReasons: ['copied'],
    effect: propose('lift'),
    form: {
      ...ON_CASE,
      decision: 'lift_shared',
      goes: 'against',
      key: '9',
      staysOpen: true,
      stepUp: 'unblock',
    },
  },
  keep_shared: {
    ...PROPOSE,
    readyReasons: ['ours'],
    effect: propose('keep'),
    form: { ...ON_CASE, decision: 'keep_shared', goes: 'aside', key: '8', staysOpen: true, stepUp: 'block' },
  },
  confirm_lift_shared: {
    ...confirm('lift'),
    ...LIFT_SHARED,
    readyReasons: ['agree'],
    sending: 'unblock',
    form: {
      ...ON_CASE,
      decision: 'confirm_lift_shared',
      goes: 'forward',
      key: '9',
      stepUp: 'unblock',
      agreesWith,
    },
  },
  confirm_keep_shared: {
    ...confirm('keep'),
    readyReasons: ['agree'],
    effect: () => ({ set: NO_WORD }),
    form: {
      ...ON_CASE,
      decision: 'confirm_keep_shared',
      goes: 'forward',
      key: '8',
      stepUp: 'block',
      agreesWith,
    },
  },
  /** The relay held the order back: police look at the case again. A temporary block that waited to be sent is over. */
  withheld: {
    ...BY_SYSTEM,
    from: ['blocking', ...UNDECIDED, 'verified', 'rejected'],
    // Only an approved case has to be approved again.
    to: fork(['verified', null], (c) => (c.state === 'blocking' ? 'verified' : null)),
    text: true,
    whileHeld: true,
    whileWithdrawing: true,
    refuse: (c) => (c.state === 'blocking' || c.holdUntil !== null ? null : 'no_hold'),
    // A temporary block that a carrier already has ends as well.
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

/** Returns the deadline for city police to answer a carrier's report of a shared IMEI: 4 hours. */
const sharedDue = (saidAt: Instant): Instant => addMilliseconds(saidAt, 4 * HOUR)
