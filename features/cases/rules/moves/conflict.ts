import type { CaseSnapshot } from '../snapshot.ts'
import { statesThat } from '../state.ts'
import { clockAfterConflict, conflictClock, heldAfterConflict, lift, rejection } from './shared.ts'
import { BY_SYSTEM, ELSEWHERE, type MoveSpec } from './spec.ts'

/** A claim can be contested until its phone is on the way back, or the case is over. */
export const CONTESTABLE = statesThat(({ active, block }) => active && block !== 'lifting')

const noConflict = (c: CaseSnapshot) => (c.held === 'conflict' ? null : 'no_conflict')

/** Several people claim one phone. */
export const CONFLICT = {
  /** Begins the conflict: the proof matches, and so does that of another claim. All of them are held. */
  accept_counterclaim: {
    // A blocked case as well: a number that waits beside the blocked ones can be another claim's.
    from: ['under_review', 'verified', 'blocking', 'blocked'],
    to: null,
    who: 'assignee',
    notBy: ['earlier_decider', 'filer', 'judge_of_other_claim'],
    evidence: 'matches',
    needs: ['rivals'],
    readyReasons: ['strong_proof'],
    text: true,
    refuse: (_, { rivalProven }) => (rivalProven ? null : 'no_conflict'),
    effect: (c, { staffId, ...calendar }) => ({
      set: { held: 'conflict', counterclaimById: staffId, ...conflictClock(c, calendar) },
    }),
    begins: 'conflict',
    decides: true,
    judgesClaim: true,
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
  /** The proof of another claim on the phone matches as well: the conflict holds this case too. */
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
    effect: (c, calendar) => ({
      set: { held: heldAfterConflict(c), counterclaimById: null, ...clockAfterConflict(c, calendar) },
      // Its proof was found good and no other such claim is left: it has the claim where nobody has.
      ...(!c.primaryClaim && { claim: 'gain' }),
    }),
    settlesConflict: true,
  },
  upheld: {
    from: CONTESTABLE,
    to: null,
    who: 'city',
    // An appeal is decided by another person, whatever the outcome.
    notBy: ['filer', 'rejecter', 'accepter_of_counterclaim', 'judge_of_other_claim'],
    evidence: 'matches',
    // The texts are for the other sides, and tell each why its own claim was not upheld.
    readyReasons: ['better_proof', 'sold', 'other_phone', 'no_answer'],
    text: true,
    whileHeld: true,
    whileWithdrawing: true,
    refuse: noConflict,
    effect: (c, calendar) => ({
      set: { held: heldAfterConflict(c), ...clockAfterConflict(c, calendar) },
      claim: 'gain',
    }),
    settlesConflict: true,
    decides: true,
    judgesClaim: true,
    takesClaim: true,
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
    notBy: ['rejecter', 'accepter_of_counterclaim', 'judge_of_other_claim'],
    evidence: 'opened',
    text: true,
    textIsPublic: true,
    textInMail: true,
    whileHeld: true,
    whileWithdrawing: true,
    refuse: noConflict,
    effect: (c, { staffId, now }) => ({
      ...rejection(c, staffId, now, { holdUntil: null }),
      ...(c.approvedAt !== null || c.holdUntil !== null ? lift('other_claim') : {}),
    }),
    settlesConflict: true,
    decides: true,
    judgesClaim: true,
  },
  /** The proof of another claim was found good: this one has no claim on those phones, and its person can add proof. */
  outproven: {
    ...BY_SYSTEM,
    from: CONTESTABLE,
    to: null,
    whileHeld: true,
    whileWithdrawing: true,
    refuse: null,
    effect: () => ({ set: {}, claim: 'release' }),
  },
} as const satisfies Record<string, MoveSpec>
