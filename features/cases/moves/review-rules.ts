import { unitsServed } from '#lib/access/actor.ts'
import { carrierDue, decisionDue, infoExpiry, isReminderDue } from '../clocks/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { ACTIVE_STATES, CASE_STATES } from '../record/state-rules.ts'
import { reopenOpen } from '../remedies/rules.ts'
import { heldAfterConflict, NO_IMEI_ASKED, rejection } from './shared-rules.ts'
import { type Attempt, BY_CITIZEN, BY_SYSTEM, ELSEWHERE, fork, type MoveSpec, NOTHING } from './spec-rules.ts'
import type { CaseChanges, CaseRefusal } from './transition-rules.ts'
import { watch, watchesFirst } from './watch-rules.ts'

/** The reasons why police ask for more; the citizen reads them in their own language. */
export const INFO_CODES = ['proof', 'imei', 'incident', 'identity', 'other'] as const
/** Reasons to agree that rest on the evidence; `features/cases/decisions/rules.ts` suggests among them. */
export const PROOF_REASONS = ['agrees', 'no_name', 'imei_only', 'some_imeis'] as const
export const REJECT_CODES = [
  'not_owner',
  'insufficient_proof',
  'wrong_imei',
  'false_report',
  'other_claim',
  'other',
] as const

/**
 * Returns why a claim cannot be found good, or null. If another claim was found good, city police compare both. In the review of
 * a lifted block, the phone's holder is heard first.
 */
function refuseFinding(_: CaseSnapshot, { rivalProven, heard }: Attempt): CaseRefusal | null {
  if (rivalProven) return 'rival_proven'
  return heard === false ? 'hearing_runs' : null
}

/** Returns the changes by which an answer reopens a case that expired without it. */
const reopening = (c: CaseSnapshot, { letter, unit }: Attempt): CaseChanges => ({
  closedAt: null,
  held: heldAfterConflict(c),
  // The case's end is taken back, so no letter tells of it.
  unheardSeq: letter?.stillUnheard ?? null,
  // A request that still waited for a second person must be made again.
  ...(c.holdConfirmedById === null && { holdAskedById: null, holdDueAt: null }),
  ...(unit && { unitId: unit.id, ...(!unit.keepsAssignee && { assigneeId: null }) }),
})

const TAKING_BACK = {
  decision: 'take_back',
  goes: 'aside',
  key: 'u',
  rare: true,
  staysOpen: true,
  stepUp: null,
  needsSeal: false,
  on: 'case',
} as const

/** The moves from the report to the order to block. */
export const REVIEW = {
  note: {
    from: CASE_STATES,
    to: null,
    who: 'police',
    notBy: [],
    evidence: 'none',
    whileHeld: true,
    whileWithdrawing: true,
    quiet: true,
    refuse: null,
    effect: NOTHING,
    form: {
      decision: 'note',
      goes: 'aside',
      key: 'm',
      rare: true,
      staysOpen: true,
      stepUp: null,
      needsSeal: false,
      on: 'case',
      always: true,
      noteRequired: true,
    },
  },
  take: {
    from: ['submitted', 'under_review'],
    to: 'under_review',
    who: 'police',
    notBy: ['earlier_decider', 'rejecter', 'judge_of_other_claim'],
    evidence: 'none',
    refuse: (c) => (c.state === 'under_review' && c.assigneeId !== null ? 'wrong_state' : null),
    effect: (c, { staffId, now, holidays }) => ({
      set: {
        assigneeId: staffId,
        ...(c.firstActionAt === null && { firstActionAt: now }),
        // An appeal, or a carrier's answer, may have begun a later clock before anybody had taken the case.
        ...(c.firstActionAt === null &&
          c.state === 'submitted' && { dueAt: decisionDue(c.submittedAt, holidays) }),
      },
    }),
    form: {
      decision: 'take',
      goes: 'forward',
      key: 'n',
      staysOpen: true,
      stepUp: null,
      needsSeal: false,
      on: 'case',
    },
  },
  release: {
    from: ['under_review'],
    to: 'submitted',
    who: 'assignee',
    orSystem: true,
    notBy: [],
    evidence: 'none',
    quiet: true,
    refuse: null,
    effect: () => ({ set: { assigneeId: null } }),
    counts: ['returned'],
    form: {
      decision: 'release',
      goes: 'aside',
      key: 'l',
      rare: true,
      stepUp: null,
      needsSeal: false,
      on: 'case',
    },
  },
  /** Removes an assignee who has left from a case that cannot go back to the queue. The case keeps its state. */
  unassign: {
    ...BY_SYSTEM,
    from: ACTIVE_STATES,
    to: null,
    whileHeld: true,
    whileWithdrawing: true,
    quiet: true,
    refuse: null,
    effect: () => ({ set: { assigneeId: null } }),
    counts: ['returned'],
  },
  /** Moves the case to the unit now responsible for the area. It keeps its place, its state and its clocks. */
  follow_unit: {
    ...BY_SYSTEM,
    from: CASE_STATES,
    to: null,
    whileHeld: true,
    whileWithdrawing: true,
    quiet: true,
    refuse: null,
    effect: (c, { unit }) => ({
      set: { unitId: unit?.id ?? c.unitId, ...(unit?.keepsAssignee !== true && { assigneeId: null }) },
    }),
  },
  reassign: {
    from: ['submitted', 'under_review', 'info_requested', 'verified'],
    to: null,
    who: 'approver',
    notBy: [],
    evidence: 'none',
    needs: ['assignee'],
    whileHeld: true,
    quiet: true,
    refuse: (c, { assignee }) => {
      if (!assignee || !unitsServed(assignee).includes(c.unitId)) return 'assignee_invalid'
      // The filer, and the rejecter under appeal, may not decide the case; assigned to them it would only wait.
      const rejecter = c.appealedAt === null ? null : c.rejectedById
      return assignee.id === c.filedById || assignee.id === rejecter ? 'assignee_had_part' : null
    },
    effect: (_, { assignee }) => ({ set: { assigneeId: assignee?.id ?? null } }),
    form: {
      decision: 'reassign',
      goes: 'aside',
      key: 'g',
      rare: true,
      handsOver: true,
      stepUp: null,
      needsSeal: false,
      on: 'case',
    },
  },
  request_info: {
    from: ['under_review'],
    to: 'info_requested',
    who: 'assignee',
    notBy: [],
    evidence: 'none',
    codes: INFO_CODES,
    text: true,
    textIsPublic: true,
    textInMail: true,
    whileHeld: true,
    refuse: null,
    effect: (_, { now }) => ({ set: { dueAt: infoExpiry(now), remindedAt: null } }),
    counts: ['asked_more'],
    form: {
      decision: 'request_info',
      goes: 'aside',
      key: 'h',
      stepUp: null,
      needsSeal: false,
      on: 'case',
      says: { reason_code_missing: 'request_info_code_missing' },
    },
  },
  remind_reply: {
    ...BY_SYSTEM,
    from: ['info_requested'],
    to: null,
    whileHeld: true,
    refuse: (c, { now }) => (isReminderDue(c, now) ? null : 'wrong_state'),
    effect: (_, { now }) => ({ set: { remindedAt: now } }),
  },
  /** Answers the question of police. The answer reopens an expired case, within a time limit. */
  reply: {
    ...BY_CITIZEN,
    atDesk: true,
    from: ['info_requested', 'expired'],
    to: 'under_review',
    needs: ['unit', 'reportedAnew'],
    textIsPublic: true,
    whileHeld: true,
    refuse: (c, { now, reportedAnew }) => {
      if (c.state !== 'expired') return null
      if (!reopenOpen(c, now)) return 'reopen_late'
      return reportedAnew ? 'reported_anew' : null
    },
    effect: (c, attempt) => ({
      set: {
        dueAt: decisionDue(attempt.now, attempt.holidays),
        ...(c.state === 'expired' && reopening(c, attempt)),
      },
      ...(c.state === 'expired' && { claim: 'gain' }),
    }),
    tells: (c) => (c.state === 'expired' ? 'reply_reopened' : null),
    tellsAssignee: 'answered',
    form: {
      act: 'case',
      look: 'primary',
      place: 'main',
      message: {
        label: 'message',
        optional: true,
        rows: 5,
        empty: { fault: 'reply_empty', unlessFiles: true },
      },
      files: true,
      variant: (c) => (c.state === 'expired' ? 'reopen' : null),
      quotesQuestion: true,
    },
  },
  /** Police add a document: the record that a case was imported from, or one that its person brought. */
  add_document: {
    ...ELSEWHERE,
    from: ['under_review', 'info_requested', 'watching', 'blocking', 'blocked', 'unblock_review'],
    to: null,
    who: 'police',
    notBy: [],
    evidence: 'none',
    whileHeld: true,
    refuse: null,
    effect: NOTHING,
  },
  verify: {
    from: ['under_review'],
    to: 'verified',
    who: 'assignee',
    notBy: ['earlier_decider', 'filer', 'rejecter', 'judge_of_other_claim', 'desk_writer'],
    evidence: 'matches',
    needs: ['rivals', 'hearing'],
    readyReasons: [...PROOF_REASONS, 'met'],
    text: true,
    refuse: refuseFinding,
    // If nobody has the claim, as for a phone from police's own records, a proof that was found good takes it.
    effect: (_, { staffId, now }) => ({ set: { verifiedById: staffId, decidedAt: now }, claim: 'gain' }),
    decides: true,
    findsOwner: true,
    judgesClaim: true,
    publicFigure: 'verified',
    form: {
      decision: 'verify',
      goes: 'forward',
      key: 'v',
      stepUp: 'block',
      needsSeal: false,
      on: 'case',
      asksForDocument: true,
      says: { no_proof: 'verify_no_proof' },
    },
  },
  reject: {
    from: ['under_review'],
    to: 'rejected',
    who: 'assignee',
    notBy: ['earlier_decider', 'rejecter', 'judge_of_other_claim', 'desk_writer'],
    evidence: 'none',
    opensInReview: true,
    codes: REJECT_CODES,
    text: true,
    textIsPublic: true,
    textInMail: true,
    refuse: null,
    effect: (c, { staffId, now }) => rejection(c, staffId, now),
    decides: true,
    counts: ['rejected', 'appeal_refused'],
    form: {
      decision: 'reject',
      goes: 'against',
      key: 't',
      stepUp: null,
      needsSeal: false,
      on: 'case',
      // Another person may claim the phone; the words must reveal nothing about them to the reporter.
      warning: 'reason_names_nobody',
      says: { reason_code_missing: 'reject_code_missing' },
    },
  },
  approve: {
    from: ['verified'],
    to: fork(['watching', 'blocking'], (c, facts) => (watchesFirst(c, facts) ? 'watching' : 'blocking')),
    who: 'approver',
    notBy: ['earlier_decider', 'filer', 'verifier', 'rejecter', 'judge_of_other_claim', 'desk_writer'],
    evidence: 'matches',
    agreesOn: 'verify',
    needs: ['rivals', 'hearing', 'mayWatch'],
    readyReasons: [...PROOF_REASONS, 'agree'],
    text: true,
    refuse: refuseFinding,
    effect: (c, { now, ...facts }) => {
      // The approved block replaces the temporary one at every carrier. It also ends a hold for a shared IMEI, which city police
      // settle.
      const set = { approvedAt: now, holdUntil: null, held: null, ...NO_IMEI_ASKED }
      if (watchesFirst(c, facts)) return { ...watch(c, now, set), claim: 'gain' }
      return {
        set: { ...set, dueAt: carrierDue(now), watchAskedAt: null },
        listed: true,
        orders: { action: 'block', reason: c.incidentType },
        claim: 'gain',
      }
    },
    sending: 'block',
    tells: (_, set) => (set.watchUntil ? 'approve_watch' : null),
    decides: true,
    findsOwner: true,
    judgesClaim: true,
    takesClaim: true,
    counts: ['appeal_upheld'],
    form: {
      decision: 'approve',
      goes: 'forward',
      key: 'v',
      stepUp: 'block',
      needsSeal: true,
      on: 'case',
      says: { no_proof: 'verify_no_proof' },
      agreesWith: (c) => ({ as: 'verifier', id: c.verifiedById }),
    },
  },
  send_back: {
    from: ['verified'],
    to: 'under_review',
    who: 'approver',
    // A person who decided before cannot send back what others found on an appeal or a review.
    notBy: ['earlier_decider', 'rejecter'],
    evidence: 'none',
    readyReasons: ['unclear_proof', 'unclear_imei', 'unclear_name', 'ask_reporter'],
    text: true,
    refuse: null,
    effect: () => ({ set: { verifiedById: null, decidedAt: null } }),
    counts: ['sent_back'],
    tellsAssignee: 'sent_back',
    form: { decision: 'send_back', goes: 'aside', key: 't', stepUp: null, needsSeal: false, on: 'case' },
  },
  /** Lets the verifier take the verification back until a second person has acted on it. */
  take_back: {
    from: ['verified'],
    to: 'under_review',
    who: 'police',
    notBy: [],
    evidence: 'none',
    refuse: (c, { staffId }) => (c.verifiedById === staffId ? null : 'not_yours'),
    effect: () => ({ set: { verifiedById: null, decidedAt: null } }),
    form: TAKING_BACK,
  },
  /** Lets the person who sent a verification back restore it as it was, until anybody has acted since. */
  take_back_return: {
    from: ['under_review'],
    to: 'verified',
    who: 'approver',
    notBy: [],
    evidence: 'none',
    needs: ['sentBack'],
    refuse: (_, { staffId, sentBack }) =>
      !sentBack ? 'wrong_state' : sentBack.byId === staffId ? null : 'not_yours',
    effect: (_, { sentBack }) => ({
      set: { verifiedById: sentBack?.verifiedById ?? null, decidedAt: sentBack?.decidedAt ?? null },
    }),
    form: TAKING_BACK,
  },
} as const satisfies Record<string, MoveSpec>
