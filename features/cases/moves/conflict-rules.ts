import { decisionDue } from '../clocks/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { statesThat } from '../record/state-rules.ts'
import { clockAfterConflict, heldAfterConflict, lift, NO_IMEI_ASKED, rejection } from './shared-rules.ts'
import { type Attempt, BY_CITIZEN, BY_SYSTEM, ELSEWHERE, type MoveSpec, NOTHING } from './spec-rules.ts'
import type { Calendar, CaseChanges, CaseRefusal, Effect } from './transition-rules.ts'

/** A claim can be contested until its phone is on the way back, or the case is over. */
export const CONTESTABLE = statesThat(({ active, block }) => active && block !== 'lifting')

const noConflict = (c: CaseSnapshot) => (c.held === 'conflict' ? null : 'no_conflict')

/** Nobody wins or loses before each side has answered, or its time is over. */
const unlessHeard = (c: CaseSnapshot, { heard }: Attempt): CaseRefusal | null =>
  noConflict(c) ?? (heard === false ? 'hearing_runs' : null)

const beginConflict = (c: CaseSnapshot, attempt: Attempt & Calendar): Effect => ({
  set: { held: 'conflict', counterclaimById: attempt.staffId, ...conflictClock(c, attempt) },
})

/**
 * Returns the clocks of a side that comes into a conflict: until when police wait for its answer, and by when city police
 * decide, in the usual time of a decision from then. More sides do not extend it, and the citizen's time to answer an
 * earlier question continues.
 */
function conflictClock(c: CaseSnapshot, { now, holidays, hearingUntil }: Attempt & Calendar): CaseChanges {
  if (c.held === 'conflict') return {}
  const hearing = { hearingUntil: hearingUntil ?? null, answeredAt: null }
  return c.state === 'info_requested'
    ? hearing
    : { ...hearing, dueAt: decisionDue(hearingUntil ?? now, holidays) }
}

const outOfConflict = (c: CaseSnapshot, calendar: Calendar): CaseChanges => ({
  held: heldAfterConflict(c),
  hearingUntil: null,
  counterclaimById: null,
  ...clockAfterConflict(c, calendar),
})

/** City police find against a claim. */
const OVERRULED = {
  ...ELSEWHERE,
  from: CONTESTABLE,
  who: 'city',
  notBy: ['rejecter', 'accepter_of_counterclaim', 'judge_of_other_claim'],
  evidence: 'opened',
  needs: ['hearing'],
  text: true,
  textIsPublic: true,
  textInMail: true,
  whileHeld: true,
  whileWithdrawing: true,
  refuse: unlessHeard,
  settlesConflict: true,
  decides: true,
  judgesClaim: true,
} as const satisfies Partial<MoveSpec>

/** The moves by which each side of a conflict is heard, in any state: a block in force does not silence its reporter. */
const HEARING = { from: CONTESTABLE, to: null, text: true, textIsPublic: true, whileHeld: true } as const

/** Tells whether a case ended by itself, so that its block passed without a decision of police. */
const hasLeft = (c: Pick<CaseSnapshot, 'state'>): boolean => c.state === 'withdrawn' || c.state === 'expired'

/**
 * Tells who lost a conflict, or left it, what became of the block that passed from them: two people approved it, or it is
 * over.
 */
const OTHER_BLOCK = {
  ...BY_SYSTEM,
  from: [
    ...statesThat(({ block }) => block === 'undecided' || block === 'unapproved'),
    ...(['rejected', 'withdrawn', 'expired'] as const),
  ],
  to: null,
  whileHeld: true,
  whileWithdrawing: true,
  refuse: (c: CaseSnapshot) => (c.rejectedAt === null && !hasLeft(c) ? ('not_in_conflict' as const) : null),
  effect: NOTHING,
} as const

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
    effect: beginConflict,
    begins: 'conflict',
    hears: true,
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
    effect: beginConflict,
    begins: 'conflict',
    hears: true,
    tellsAssignee: 'conflict',
  },
  answer_conflict: {
    ...BY_CITIZEN,
    ...HEARING,
    atDesk: true,
    whileWithdrawing: true,
    refuse: noConflict,
    // An answer that police write down does not end the reporter's own time to answer.
    effect: (_, { by, now }) => ({ set: by.kind === 'citizen' ? { answeredAt: now } : {} }),
    form: {
      act: 'case',
      look: 'primary',
      place: 'main',
      folded: (c) => c.answeredAt !== null,
      message: { label: 'answer_conflict.message', optional: false, rows: 5 },
      files: true,
    },
  },
  /** City police ask one side something: its time to answer begins anew, that of the others does not. */
  ask_side: {
    ...HEARING,
    who: 'city',
    notBy: [],
    evidence: 'none',
    textInMail: true,
    refuse: noConflict,
    effect: (_, { hearingUntil }) => ({ set: { hearingUntil: hearingUntil ?? null, answeredAt: null } }),
    hears: true,
    form: {
      decision: 'ask_side',
      goes: 'aside',
      key: 'b',
      stepUp: null,
      needsSeal: false,
      on: 'case',
      warning: 'reason_names_nobody',
    },
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
      set: outOfConflict(c, calendar),
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
    needs: ['hearing'],
    // The texts are for the other sides, and tell each why its own claim was not upheld.
    readyReasons: ['better_proof', 'sold', 'other_phone', 'no_answer'],
    text: true,
    whileHeld: true,
    whileWithdrawing: true,
    refuse: unlessHeard,
    effect: (c, calendar) => ({
      set: { held: heldAfterConflict(c), hearingUntil: null, ...clockAfterConflict(c, calendar) },
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
    ...OVERRULED,
    to: 'rejected',
    effect: (c, { staffId, now }) => ({
      ...rejection(c, staffId, now, { holdUntil: null }),
      ...(c.approvedAt !== null || c.holdUntil !== null ? lift('other_claim') : {}),
    }),
  },
  /** Another claim is upheld on some of its numbers alone: these leave the case, which goes on with the others. */
  overruled_in_part: {
    ...OVERRULED,
    to: null,
    effect: (c, calendar) => ({
      set: { ...NO_IMEI_ASKED, ...outOfConflict(c, calendar) },
      ...(!c.primaryClaim && { claim: 'gain' }),
    }),
    dropsImei: true,
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
  other_block_final: { ...OTHER_BLOCK, tells: (c) => (hasLeft(c) ? 'other_block_final_left' : null) },
  other_block_lifted: { ...OTHER_BLOCK, tells: (c) => (hasLeft(c) ? 'other_block_lifted_left' : null) },
} as const satisfies Record<string, MoveSpec>
