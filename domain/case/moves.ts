import { ACTIVE_STATES, CASE_STATES, type CaseState } from './state.ts'

/** Why police ask for more or say no; the citizen reads the words for these in their own language. */
export const INFO_CODES = ['proof', 'imei', 'incident', 'identity', 'other'] as const
export const REJECT_CODES = [
  'not_owner',
  'insufficient_proof',
  'wrong_imei',
  'false_report',
  'other_claim',
  'other',
] as const
export const UNBLOCK_CODES = ['recovered', 'wrong', 'appeal'] as const
export const REFUSE_UNBLOCK_CODES = ['not_owner', 'insufficient_proof', 'other'] as const

/**
 * Who may make a move: the citizen of the case; police of its area (`police`), the one who has it
 * (`assignee`: whoever took it, or anybody of the area who may approve), those who may approve (`approver`),
 * city police (`city`), police of any area on the strength of their own case (`other_police`), or a clock
 * (`system`).
 */
export type Mover = 'citizen' | 'police' | 'assignee' | 'approver' | 'city' | 'other_police' | 'system'

export interface Rule {
  readonly from: readonly CaseState[]
  /** null: the state stays. */
  readonly to: CaseState | null
  readonly who: Mover
  /** Reason codes to choose from; one is required where there are any. */
  readonly codes?: readonly string[]
  /** Written words are required. */
  readonly text?: true
  /** The citizen reads the words; otherwise only police do. */
  readonly textIsPublic?: true
  /** Possible although the case is held. */
  readonly whileHeld?: true
  /** Possible although a withdrawal is running. */
  readonly whileWithdrawing?: true
  /** The citizen sees it in the timeline and is told. */
  readonly quiet?: true
}

/** A claim can be contested until its phone is on the way back, or the case is over. */
const CONTESTABLE = ACTIVE_STATES.filter((state) => state !== 'unblocking')

/** Every move there is, as data (product.md, "The case"). */
export const RULES = {
  /** Something for colleagues to read; it changes nothing but the version. */
  note: { from: CASE_STATES, to: null, who: 'police', whileHeld: true, whileWithdrawing: true, quiet: true },
  take: { from: ['submitted', 'under_review'], to: 'under_review', who: 'police' },
  release: { from: ['under_review'], to: 'submitted', who: 'assignee', quiet: true },
  reassign: {
    from: ['submitted', 'under_review', 'info_requested', 'verified'],
    to: null,
    who: 'approver',
    whileHeld: true,
    quiet: true,
  },
  request_info: {
    from: ['under_review'],
    to: 'info_requested',
    who: 'assignee',
    codes: INFO_CODES,
    text: true,
    textIsPublic: true,
    whileHeld: true,
  },
  reply: {
    from: ['info_requested'],
    to: 'under_review',
    who: 'citizen',
    textIsPublic: true,
    whileHeld: true,
  },
  verify: { from: ['under_review'], to: 'verified', who: 'assignee', text: true },
  reject: {
    from: ['under_review'],
    to: 'rejected',
    who: 'assignee',
    codes: REJECT_CODES,
    text: true,
    textIsPublic: true,
  },
  approve: { from: ['verified'], to: 'blocking', who: 'approver', text: true },
  send_back: { from: ['verified'], to: 'under_review', who: 'approver', text: true },
  carriers_applied: { from: ['blocking'], to: 'blocked', who: 'system', whileHeld: true },
  withdraw: {
    from: ['submitted', 'under_review', 'info_requested', 'verified'],
    to: null,
    who: 'citizen',
    textIsPublic: true,
    whileHeld: true,
  },
  undo_withdraw: {
    from: ['submitted', 'under_review', 'info_requested', 'verified'],
    to: null,
    who: 'citizen',
    whileHeld: true,
    whileWithdrawing: true,
  },
  finish_withdrawal: {
    from: ['submitted', 'under_review', 'info_requested', 'verified'],
    to: 'withdrawn',
    who: 'system',
    whileHeld: true,
    whileWithdrawing: true,
  },
  expire: { from: ['info_requested'], to: 'expired', who: 'system', whileHeld: true, whileWithdrawing: true },
  appeal: { from: ['rejected'], to: 'under_review', who: 'citizen', text: true, textIsPublic: true },
  request_unblock: {
    from: ['blocking', 'blocked'],
    to: 'unblock_review',
    who: 'citizen',
    textIsPublic: true,
  },
  verify_unblock: { from: ['unblock_review'], to: null, who: 'police', codes: UNBLOCK_CODES, text: true },
  approve_unblock: { from: ['unblock_review'], to: 'unblocking', who: 'approver', text: true },
  refuse_unblock: {
    from: ['unblock_review'],
    to: 'blocked',
    who: 'approver',
    codes: REFUSE_UNBLOCK_CODES,
    text: true,
    textIsPublic: true,
  },
  carriers_lifted: { from: ['unblocking'], to: 'unblocked', who: 'system', whileHeld: true },
  accept_counterclaim: { from: ['under_review'], to: null, who: 'assignee', text: true },
  refuse_counterclaim: {
    from: ['under_review'],
    to: 'rejected',
    who: 'assignee',
    codes: REJECT_CODES,
    text: true,
    textIsPublic: true,
  },
  /** Somebody else's accepted counter-claim holds this case. */
  contested: {
    from: CONTESTABLE,
    to: null,
    who: 'other_police',
    whileHeld: true,
    whileWithdrawing: true,
  },
  /** Nobody contests it any more, though nobody decided. */
  uncontested: {
    from: CONTESTABLE,
    to: null,
    who: 'system',
    whileHeld: true,
    whileWithdrawing: true,
  },
  upheld: {
    from: CONTESTABLE,
    to: null,
    who: 'city',
    text: true,
    whileHeld: true,
    whileWithdrawing: true,
  },
  overruled: {
    from: CONTESTABLE,
    to: 'rejected',
    who: 'city',
    text: true,
    textIsPublic: true,
    whileHeld: true,
    whileWithdrawing: true,
  },
} as const satisfies Record<string, Rule>

export type Move = keyof typeof RULES
export const ruleOf = (move: Move): Rule => RULES[move]
