import type { CaseSnapshot } from '../snapshot.ts'
import { statesThat } from '../state.ts'
import { REJECT_CODES } from './review.ts'
import { clockAfterConflict, conflictClock, heldAfterConflict, lift, rejection } from './shared.ts'
import { BY_SYSTEM, ELSEWHERE, type MoveSpec } from './spec.ts'

/** A claim can be contested until its phone is on the way back, or the case is over. */
const CONTESTABLE = statesThat(({ active, block }) => active && block !== 'lifting')

const notOpen = (c: CaseSnapshot) =>
  c.counterclaim === 'pending' && !c.primaryClaim ? null : 'not_a_counterclaim'
const noConflict = (c: CaseSnapshot) => (c.held === 'conflict' ? null : 'no_conflict')

/** Several people claim one phone. */
export const CONFLICT = {
  accept_counterclaim: {
    from: ['under_review'],
    to: null,
    who: 'assignee',
    notBy: ['earlier_decider', 'filer', 'judge_of_other_claim'],
    evidence: 'matches',
    readyReasons: ['strong_proof'],
    text: true,
    refuse: notOpen,
    effect: (c, { staffId, ...calendar }) => ({
      set: {
        held: 'conflict',
        counterclaim: 'accepted',
        counterclaimById: staffId,
        ...conflictClock(c, calendar),
      },
    }),
    begins: 'conflict',
    decides: true,
    form: {
      decision: 'accept_counterclaim',
      goes: 'aside',
      key: '7',
      stepUp: 'claim',
      needsSeal: false,
      on: 'opponents',
      says: { no_proof: 'verify_no_proof' },
    },
  },
  refuse_counterclaim: {
    from: ['under_review'],
    to: 'rejected',
    who: 'assignee',
    notBy: ['earlier_decider', 'rejecter', 'judge_of_other_claim'],
    evidence: 'none',
    codes: REJECT_CODES,
    text: true,
    textIsPublic: true,
    textInMail: true,
    refuse: notOpen,
    effect: (c, { staffId, now }) => rejection(c, staffId, now, { counterclaim: 'refused' }),
    decides: true,
    counts: ['rejected', 'appeal_refused'],
    form: {
      decision: 'refuse_counterclaim',
      goes: 'against',
      key: 't',
      stepUp: null,
      needsSeal: false,
      on: 'case',
      // The person who loses to another claim reads the reason, and must learn nothing of the other person from it.
      warning: 'reason_names_nobody',
      says: { reason_code_missing: 'refuse_counterclaim_code_missing' },
    },
  },
  /** Another person's accepted counter-claim holds this case. */
  contested: {
    ...ELSEWHERE,
    from: CONTESTABLE,
    to: null,
    who: 'other_police',
    notBy: [],
    evidence: 'none',
    whileHeld: true,
    whileWithdrawing: true,
    refuse: null,
    effect: (c, { staffId, ...calendar }) => ({
      set: { held: 'conflict', counterclaimById: staffId, ...conflictClock(c, calendar) },
    }),
    begins: 'conflict',
    tellsAssignee: 'conflict',
  },
  /** Ends a conflict without a decision: no other claim is left. */
  uncontested: {
    ...BY_SYSTEM,
    from: CONTESTABLE,
    to: null,
    whileHeld: true,
    whileWithdrawing: true,
    refuse: noConflict,
    effect: (c, { claimTaken, ...calendar }) => ({
      set: { held: heldAfterConflict(c), counterclaimById: null, ...clockAfterConflict(c, calendar) },
      // Police have accepted the claim and no other contests it, so another report must not get the claim first.
      ...(!c.primaryClaim && claimTaken === false && { claim: 'gain' }),
    }),
    settlesConflict: true,
  },
  upheld: {
    from: CONTESTABLE,
    to: null,
    who: 'city',
    // An appeal is decided by another person, whatever the outcome.
    notBy: ['filer', 'judge_of_other_claim', 'rejecter', 'accepter_of_counterclaim'],
    evidence: 'matches',
    // The texts are for the other sides, and tell each why its own claim was not upheld.
    readyReasons: ['better_proof', 'sold', 'other_phone', 'no_answer'],
    text: true,
    whileHeld: true,
    whileWithdrawing: true,
    refuse: noConflict,
    effect: (c, calendar) => ({
      set: {
        held: heldAfterConflict(c),
        ...(c.counterclaim && { counterclaim: 'upheld' }),
        ...clockAfterConflict(c, calendar),
      },
      ...(!c.primaryClaim && { claim: 'gain' }),
    }),
    settlesConflict: true,
    decides: true,
    form: {
      decision: 'uphold',
      goes: 'aside',
      key: 'v',
      stepUp: 'claim',
      needsSeal: true,
      on: 'conflict',
      warning: 'reason_names_nobody',
      says: { no_proof: 'verify_no_proof' },
    },
  },
  overruled: {
    ...ELSEWHERE,
    from: CONTESTABLE,
    to: 'rejected',
    who: 'city',
    notBy: ['rejecter', 'judge_of_other_claim', 'accepter_of_counterclaim'],
    evidence: 'opened',
    text: true,
    textIsPublic: true,
    textInMail: true,
    whileHeld: true,
    whileWithdrawing: true,
    refuse: noConflict,
    effect: (c, { staffId, now }) => ({
      ...rejection(c, staffId, now, {
        ...(c.counterclaim && { counterclaim: 'overruled' }),
        holdUntil: null,
      }),
      ...(c.approvedAt !== null || c.holdUntil !== null ? lift('other_claim') : {}),
    }),
    settlesConflict: true,
    decides: true,
  },
} as const satisfies Record<string, MoveSpec>
