import { decisionDue } from '../clocks/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { statesThat } from '../record/state-rules.ts'
import { clockAfterConflict, heldAfterConflict, lift, NO_IMEI_ASKED, rejection } from './shared-rules.ts'
import { type Attempt, BY_CITIZEN, BY_SYSTEM, ELSEWHERE, type MoveSpec, NOTHING } from './spec-rules.ts'
import type { Calendar, CaseChanges, CaseRefusal, Effect } from './transition-rules.ts'

/** The states in which a claim can be contested: until its block is being lifted or the case is over. */
export const CONTESTABLE = statesThat(({ active, block }) => active && block !== 'lifting')

const noConflict = (c: CaseSnapshot) => (c.held === 'conflict' ? null : 'no_conflict')

/** No side wins or loses before every side has answered or run out of time. */
const unlessHeard = (c: CaseSnapshot, { heard }: Attempt): CaseRefusal | null =>
  noConflict(c) ?? (heard === false ? 'hearing_runs' : null)

const beginConflict = (c: CaseSnapshot, attempt: Attempt & Calendar): Effect => ({
  set: { held: 'conflict', counterclaimById: attempt.staffId, ...conflictClock(c, attempt) },
})

/**
 * Returns the clocks of a case that enters a conflict: how long police wait for its answer, and the city police's usual time to
 * decide after that. Further sides do not extend it. An earlier question to the citizen keeps its own deadline.
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

/**
 * The common part of moves by which a side of a conflict is heard. A block in force does not silence its reporter, so every
 * contestable state is included.
 */
const HEARING = { from: CONTESTABLE, to: null, text: true, textIsPublic: true, whileHeld: true } as const

/** Checks whether a case ended by itself, so that its block passed on without a decision of police. */
const hasLeft = (c: Pick<CaseSnapshot, 'state'>): boolean => c.state === 'withdrawn' || c.state === 'expired'

/**
 * Tells a side that lost or left a conflict what happened to the block that passed from it: two people approved it, or it ended.
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
  /** Begins the conflict: this proof matches, and so does another claim's. All these cases are held. */
  accept_counterclaim: {
    // Includes blocked cases: a number that is not blocked yet can belong to another claim.
    from: ['under_review', 'verified', 'blocking', 'blocked'],
    to: null,
    who: 'assignee',
    notBy: ['earlier_decider', 'filer', 'judge_of_other_claim', 'desk_writer'],
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
  /** The proof of another claim on the phone matches too, so the conflict holds this case as well. */
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
  /** City police ask one side a question: only that side's time to answer begins again. */
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
      // B is the brightness of the proof beside it.
      key: '0',
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
      // Its proof was found good and no rival is left, so it gains the claim if nobody has it.
      ...(!c.primaryClaim && { claim: 'gain' }),
    }),
    settlesConflict: true,
  },
  upheld: {
    from: CONTESTABLE,
    to: null,
    who: 'city',
    // An appeal is decided by another person, regardless of the outcome.
    notBy: ['filer', 'rejecter', 'accepter_of_counterclaim', 'judge_of_other_claim', 'desk_writer'],
    evidence: 'matches',
    needs: ['hearing'],
    // These texts go to the other sides and tell each why its claim was not upheld.
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
  /** Another claim is upheld on only some of its numbers: those leave the case, which continues with the rest. */
  overruled_in_part: {
    ...OVERRULED,
    to: null,
    effect: (c, calendar) => ({
      set: { ...NO_IMEI_ASKED, ...outOfConflict(c, calendar) },
      ...(!c.primaryClaim && { claim: 'gain' }),
    }),
    dropsImei: true,
  },
  /** Another claim's proof was found good: this case loses its claim on those phones, and its person can add proof. */
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
