import { decisionDue } from '../clocks/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { stateOf, statesThat } from '../record/state-rules.ts'
import { type Attempt, BY_CITIZEN, BY_SYSTEM, ELSEWHERE, fork, type MoveSpec } from './spec-rules.ts'
import type { Calendar, CaseChanges } from './transition-rules.ts'
import { blockAgain } from './unblock-rules.ts'

const NAMED = statesThat(({ named }) => named)

/** Checks whether carriers have been told to block the phone for this case, temporarily or by two people's decision. */
export const isBlocked = (
  c: Pick<CaseSnapshot, 'state' | 'approvedAt' | 'holdUntil' | 'watchUntil'>,
): boolean =>
  c.holdUntil !== null ||
  (c.approvedAt !== null && c.watchUntil === null && stateOf(c.state).block === 'in_force')

const noObjection = (c: CaseSnapshot) => (c.objectedAt === null ? 'no_objection' : null)

/** The state after the first person's finding for a holder falls: the block goes on, or an earlier request is decided anew. */
const FINDING_FALLS = fork(['blocked', 'blocking', null], (c, { upheldFrom, carriersSettled }) => {
  if (c.state !== 'unblock_review' || !upheldFrom || upheldFrom === c.state) return null
  return carriersSettled ? 'blocked' : 'blocking'
})

/** Returns the changes that take back what the first person found for the holder. */
const takeBackFinding = (c: CaseSnapshot, attempt: Attempt & Calendar): CaseChanges =>
  attempt.upheldFrom === c.state
    ? { unblockVerifiedById: null, unblockReason: null, dueAt: decisionDue(attempt.now, attempt.holidays) }
    : blockAgain(c, attempt).set

export const OBJECTION = {
  /** The reporter is told of each objection, and may answer before it is decided. */
  objected: {
    ...BY_SYSTEM,
    from: NAMED,
    to: null,
    whileHeld: true,
    whileWithdrawing: true,
    refuse: (c) => (isBlocked(c) ? null : 'no_block'),
    effect: (_, { now }) => ({ set: { objectedAt: now, objectionAnsweredAt: null } }),
    tells: (c) => (c.objectedAt === null ? null : 'objected_again'),
    begins: 'objection',
    hears: true,
  },
  answer_objection: {
    ...BY_CITIZEN,
    atDesk: true,
    from: NAMED,
    to: null,
    text: true,
    textIsPublic: true,
    whileHeld: true,
    whileWithdrawing: true,
    refuse: noObjection,
    // An answer that police write down does not end the reporter's own time to answer.
    effect: (_, { by, now }) => ({ set: by.kind === 'citizen' ? { objectionAnsweredAt: now } : {} }),
    form: {
      act: 'case',
      look: 'primary',
      place: 'main',
      folded: (c) => c.objectedAt === null || c.objectionAnsweredAt !== null,
      message: { label: 'answer_objection.message', optional: false, rows: 5 },
      files: true,
    },
  },
  /** Police agree with the holder: a second person decides on the block, as with every unblock. */
  uphold_objection: {
    ...ELSEWHERE,
    from: ['blocking', 'blocked', 'unblock_review'],
    to: 'unblock_review',
    who: 'police',
    notBy: ['filer', 'decider_of_contested_block'],
    evidence: 'compared',
    checks: 'blocked',
    needs: ['hearing'],
    text: true,
    textIsPublic: true,
    textInMail: true,
    refuse: (c, { heard }) => {
      if (c.objectedAt === null) return 'no_objection'
      if (c.unblockVerifiedById !== null) return 'wrong_state'
      return heard === false ? 'hearing_runs' : null
    },
    effect: (_, { staffId, now, holidays }) => ({
      set: { unblockVerifiedById: staffId, unblockReason: 'wrong', dueAt: decisionDue(now, holidays) },
    }),
    asksUnblock: true,
    decides: true,
  },
  /**
   * Ends the objections to the block: the last one was refused, withdrawn or left unanswered. Then no unblock rests on it any
   * more: the block goes on, or police decide again on the request that stood before.
   */
  objection_over: {
    ...BY_SYSTEM,
    from: NAMED,
    to: FINDING_FALLS,
    needs: ['upheldFrom', 'carriersSettled'],
    whileHeld: true,
    whileWithdrawing: true,
    refuse: noObjection,
    effect: (c, attempt) => ({
      set: {
        ...(c.state === 'unblock_review' && attempt.upheldFrom && takeBackFinding(c, attempt)),
        objectedAt: null,
        objectionAnsweredAt: null,
      },
    }),
  },
  /** Ends the objection that was found right, while another one waits: that one is decided on its own. */
  finding_over: {
    ...BY_SYSTEM,
    from: ['unblock_review'],
    to: FINDING_FALLS,
    needs: ['upheldFrom', 'carriersSettled'],
    whileHeld: true,
    whileWithdrawing: true,
    refuse: (c, { upheldFrom }) => noObjection(c) ?? (upheldFrom ? null : 'wrong_state'),
    effect: (c, attempt) => ({ set: takeBackFinding(c, attempt) }),
  },
} as const satisfies Record<string, MoveSpec>
