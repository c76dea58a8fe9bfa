import { decisionDue } from '../clocks/rules.ts'
import { waitsForSecondOfHold } from './hold-rules.ts'
import { INFO_CODES, PROOF_REASONS } from './review-rules.ts'
import { NO_IMEI_ASKED, UNDECIDED } from './shared-rules.ts'
import { type Attempt, BY_CITIZEN, type MoveSpec } from './spec-rules.ts'
import type { CaseRefusal } from './transition-rules.ts'

/** The states in which a number that was left out of the block can still be blocked. */
const IN_FORCE = ['blocking', 'blocked'] as const

/** Refuses to agree on a number while another claim on it was found good: city police compare both. */
const refuseToAgree = (attempt: Attempt): CaseRefusal | null =>
  noneWaits(attempt) ?? (attempt.rivalProven ? 'rival_proven' : null)

const noneWaits = ({ imeisWaiting }: Attempt): CaseRefusal | null => (imeisWaiting ? null : 'no_imei_waits')

/**
 * The numbers of a phone that the papers did not show when the others were blocked. Each waits for its own paper or for a
 * carrier's answer. Two people then decide on it, as on the first ones.
 */
export const LATER_IMEI = {
  /** The reporter adds a paper for such a number. */
  prove_imei: {
    ...BY_CITIZEN,
    from: IN_FORCE,
    to: null,
    needs: ['imeisWaiting'],
    refuse: (_, attempt) => noneWaits(attempt),
    effect: (c, { now, holidays }) => ({
      set: {
        imeiPaperAt: c.imeiPaperAt ?? now,
        // Until the carriers have applied the block, their clock runs.
        ...(c.state === 'blocked' && c.imeiPaperAt === null && { dueAt: decisionDue(now, holidays) }),
      },
    }),
    tellsAssignee: 'answered',
    form: {
      act: 'case',
      look: 'primary',
      place: 'aside',
      folded: () => true,
      message: null,
      files: true,
      asksForPaper: true,
    },
  },
  verify_imeis: {
    from: IN_FORCE,
    to: null,
    who: 'police',
    notBy: ['filer', 'rejecter', 'judge_of_other_claim', 'desk_writer'],
    evidence: 'matches',
    checks: 'waiting',
    needs: ['imeisWaiting', 'rivals'],
    readyReasons: [...PROOF_REASONS, 'met'],
    text: true,
    quiet: true,
    refuse: (c, attempt) => refuseToAgree(attempt) ?? (c.imeisVerifiedById !== null ? 'wrong_state' : null),
    effect: (_, { staffId }) => ({ set: { imeisVerifiedById: staffId } }),
    judgesClaim: true,
    tellsApprovers: 'to_confirm',
    form: {
      decision: 'verify',
      goes: 'forward',
      key: 'v',
      stepUp: 'block',
      needsSeal: false,
      on: 'case',
      says: { no_proof: 'verify_no_proof' },
    },
  },
  approve_imeis: {
    from: IN_FORCE,
    to: null,
    who: 'approver',
    notBy: ['filer', 'imeis_verifier', 'rejecter', 'judge_of_other_claim', 'desk_writer'],
    evidence: 'matches',
    checks: 'waiting',
    agreesOn: 'verify_imeis',
    needs: ['imeisWaiting', 'rivals'],
    readyReasons: [...PROOF_REASONS, 'agree'],
    text: true,
    refuse: (c, attempt) =>
      refuseToAgree(attempt) ?? (c.imeisVerifiedById === null ? 'not_verified_yet' : null),
    effect: (c) => ({
      set: NO_IMEI_ASKED,
      listed: true,
      orders: { action: 'block', reason: c.incidentType },
      claim: 'gain',
    }),
    sending: 'block',
    judgesClaim: true,
    takesClaim: true,
    form: {
      decision: 'approve',
      goes: 'forward',
      key: 'v',
      stepUp: 'block',
      needsSeal: true,
      on: 'case',
      says: { no_proof: 'verify_no_proof' },
      agreesWith: (c) => ({ as: 'imeis_verifier', id: c.imeisVerifiedById }),
    },
  },
  send_back_imeis: {
    from: IN_FORCE,
    to: null,
    who: 'approver',
    notBy: ['rejecter'],
    evidence: 'none',
    readyReasons: ['unclear_proof', 'unclear_imei', 'unclear_name', 'ask_reporter'],
    text: true,
    quiet: true,
    refuse: (c) => (c.imeisVerifiedById === null ? 'not_verified_yet' : null),
    effect: (c, { now }) => ({ set: { imeisVerifiedById: null, imeiPaperAt: c.imeiPaperAt ?? now } }),
    tellsAssignee: 'sent_back',
    form: { decision: 'send_back', goes: 'aside', key: 't', stepUp: null, needsSeal: false, on: 'case' },
  },
  /** The paper does not show the number: its person reads why, and which paper would. */
  ask_imei_proof: {
    from: IN_FORCE,
    to: null,
    who: 'police',
    notBy: [],
    evidence: 'none',
    codes: INFO_CODES,
    text: true,
    textIsPublic: true,
    textInMail: true,
    needs: ['imeisWaiting'],
    refuse: (c, attempt) => noneWaits(attempt) ?? (c.imeisVerifiedById !== null ? 'wrong_state' : null),
    effect: () => ({ set: NO_IMEI_ASKED }),
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
  /** Takes off a number that is not the phone's, so that the others can be decided on. */
  drop_imei: {
    from: [...UNDECIDED.filter((state) => state !== 'submitted'), ...IN_FORCE],
    to: null,
    who: 'assignee',
    notBy: [],
    evidence: 'opened',
    readyReasons: ['not_of_phone', 'misread'],
    text: true,
    textIsPublic: true,
    textInMail: true,
    // A first person may have agreed on the numbers; their agreement must stay valid for the case as it is.
    refuse: (c, { imeiStays }) => {
      if (c.imeiUnknown) return 'imei_unknown'
      if (c.imeisVerifiedById !== null || waitsForSecondOfHold(c)) return 'wrong_state'
      return imeiStays === undefined ? 'imei_not_of_case' : imeiStays
    },
    effect: () => ({ set: {} }),
    dropsImei: true,
    form: {
      decision: 'drop_imei',
      goes: 'aside',
      key: '6',
      rare: true,
      staysOpen: true,
      stepUp: null,
      needsSeal: false,
      on: 'case',
      asksWhichImei: true,
    },
  },
} as const satisfies Record<string, MoveSpec>
