import type { CaseSnapshot } from './snapshot.ts'
import { ACTIVE_STATES, CASE_STATES, type CaseState, OVER_STATES } from './state.ts'

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
 * city police (`city`), those who answer for personal data (`data_decider`, `data_holder`), police of any area on the strength of their own case (`other_police`), or a clock
 * (`system`).
 */
export type Mover =
  | 'citizen'
  | 'police'
  | 'assignee'
  | 'approver'
  | 'city'
  | 'data_decider'
  | 'data_holder'
  | 'other_police'
  | 'system'

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
  /** Left out of the citizen's timeline and messages. */
  readonly quiet?: true
  /** The product may make it as well, for somebody who is here no longer. */
  readonly orSystem?: true
}

/** Before police have decided, a phone can be blocked for a while on the word of two of them. */
const UNDECIDED: readonly CaseState[] = ['submitted', 'under_review', 'info_requested']

/** A temporary block waits for the person who confirms it. */
export const isHoldAsked = (c: {
  readonly state: CaseState
  readonly holdAskedById: string | null
  readonly holdConfirmedById: string | null
}): boolean => c.holdAskedById !== null && c.holdConfirmedById === null && UNDECIDED.includes(c.state)

/** When another person should confirm the temporary block that was asked for; null where none waits or nobody can now. */
export const holdWaitsUntil = (
  c: Parameters<typeof isHoldAsked>[0] &
    Pick<CaseSnapshot, 'held' | 'withdrawEffectiveAt'> & { readonly holdDueAt: Date | null },
): Date | null => (isHoldAsked(c) && c.held === null && c.withdrawEffectiveAt === null ? c.holdDueAt : null)

/** Carriers have been told to block on its word: for a while, or by two people's decision. */
export const isBlocked = (c: Pick<CaseSnapshot, 'state' | 'approvedAt' | 'holdUntil'>): boolean =>
  c.holdUntil !== null ||
  (c.approvedAt !== null && (c.state === 'blocking' || c.state === 'blocked' || c.state === 'unblock_review'))

/** A claim can be contested until its phone is on the way back, or the case is over. */
const CONTESTABLE = ACTIVE_STATES.filter((state) => state !== 'unblocking')

/** Police have found that the phone is the reporter's. */
export const OWNED = ['verified', 'blocking', 'blocked', 'unblock_review', 'unblocking'] as const

/**
 * Two people have agreed on it: before that nobody is handed a phone that police keep. Whoever had the block lifted before
 * they came for it is its owner still.
 */
export const mayCollect = (state: CaseState): boolean =>
  state === 'unblocked' || (state !== 'verified' && (OWNED as readonly CaseState[]).includes(state))

/** States in which carriers may have been told of the phone. */
const NAMED: readonly CaseState[] = [
  ...UNDECIDED,
  'verified',
  'blocking',
  'blocked',
  'rejected',
  'unblock_review',
]

/** Whatever goes on with the case itself, its person may ask and police may answer. */
const AT_ANY_TIME = { to: null, whileHeld: true, whileWithdrawing: true } as const

/** Every move there is, as data (docs/rules.md, "The case"). */
export const RULES = {
  /** Something for colleagues to read; it changes nothing but the version. */
  note: { from: CASE_STATES, to: null, who: 'police', whileHeld: true, whileWithdrawing: true, quiet: true },
  take: { from: ['submitted', 'under_review'], to: 'under_review', who: 'police' },
  release: { from: ['under_review'], to: 'submitted', who: 'assignee', quiet: true, orSystem: true },
  /** Whoever had it left, and it cannot go back: it keeps its state and has nobody. */
  unassign: {
    from: ACTIVE_STATES,
    to: null,
    who: 'system',
    whileHeld: true,
    whileWithdrawing: true,
    quiet: true,
  },
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
  /** Police add a document that they have, such as the record that a case was imported from. */
  add_document: { from: ['under_review'], to: null, who: 'police', whileHeld: true },
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
  /** Asks for a temporary block; nothing happens until another person confirms it. */
  hold: { from: UNDECIDED, to: null, who: 'police', text: true, quiet: true },
  confirm_hold: { from: UNDECIDED, to: null, who: 'approver', text: true },
  /** The temporary block's time is up and nobody approved the case. */
  end_hold: {
    from: [...UNDECIDED, 'verified', 'rejected'],
    to: null,
    who: 'system',
    whileHeld: true,
    whileWithdrawing: true,
  },
  /**
   * A block in force outlives a conflict: the case that is upheld has it from then on, and so does one that still claims the
   * phone when another leaves the conflict. One that waits for the end of a conflict keeps its own. 72 hours each time.
   */
  keep_block: {
    from: [...UNDECIDED, 'verified'],
    to: null,
    who: 'city',
    whileHeld: true,
    whileWithdrawing: true,
    orSystem: true,
  },
  /** A second person agrees with a rejection: the temporary block need not run to its end. */
  lift_hold: { from: ['rejected'], to: null, who: 'approver', text: true },
  /** A carrier sees the IMEI in several phones: the block is lifted and city police decide. */
  shared: {
    from: [...UNDECIDED, 'verified', 'blocking', 'blocked'],
    to: 'under_review',
    who: 'system',
    whileWithdrawing: true,
  },
  /** The relay let the order not go out: police look at it once more. A temporary block that waited is over. */
  withheld: {
    from: ['blocking', ...UNDECIDED, 'verified', 'rejected'],
    to: 'verified',
    who: 'system',
    text: true,
    whileHeld: true,
    whileWithdrawing: true,
  },
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
  /** Of a rejection; or of an unblock that a holder's objection brought about, which is the one review of that. */
  appeal: {
    from: ['rejected', 'unblocked'],
    to: 'under_review',
    who: 'citizen',
    text: true,
    textIsPublic: true,
  },
  request_unblock: {
    from: ['blocking', 'blocked'],
    to: 'unblock_review',
    who: 'citizen',
    textIsPublic: true,
  },
  /** Whoever holds the mail and the SIM may have asked: whoever has the secret takes it back, until a second person agrees. */
  undo_unblock: { from: ['unblock_review'], to: 'blocked', who: 'citizen' },
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
  /** Police have the phone; whoever is known as its owner is told where. */
  phone_found: { from: OWNED, to: null, who: 'system', textIsPublic: true },
  /** It was handed over, by whichever district kept it: two people still decide on the unblock. */
  phone_returned: {
    from: ['blocking', 'blocked'],
    to: 'unblock_review',
    who: 'other_police',
    textIsPublic: true,
  },
  /** Somebody who holds the phone objects to its block: the reporter is told, and may answer before anything is decided. */
  objected: { from: NAMED, to: null, who: 'system', whileHeld: true, whileWithdrawing: true },
  answer_objection: {
    from: NAMED,
    to: null,
    who: 'citizen',
    text: true,
    textIsPublic: true,
    whileHeld: true,
    whileWithdrawing: true,
  },
  /** Police find the holder right: the block goes before a second person, as with every unblock. */
  uphold_objection: {
    from: ['blocking', 'blocked', 'unblock_review'],
    to: 'unblock_review',
    who: 'police',
    text: true,
    textIsPublic: true,
  },
  /** Nobody objects any more: the last one was refused, taken back or left without an answer. */
  objection_over: { from: NAMED, to: null, who: 'system', whileHeld: true, whileWithdrawing: true },
  ask_correction: { from: CASE_STATES, who: 'citizen', text: true, textIsPublic: true, ...AT_ANY_TIME },
  ask_erasure: { from: OVER_STATES, who: 'citizen', textIsPublic: true, ...AT_ANY_TIME },
  /** Of the one consent that may be left out. */
  withdraw_consent: { from: CASE_STATES, who: 'citizen', ...AT_ANY_TIME },
  grant_data_request: {
    from: CASE_STATES,
    who: 'data_decider',
    text: true,
    textIsPublic: true,
    ...AT_ANY_TIME,
  },
  /** An erasure cannot be undone, and a legal hold keeps what its person wants gone: another person confirms each. */
  propose_erasure: { from: OVER_STATES, who: 'data_decider', text: true, quiet: true, ...AT_ANY_TIME },
  decline_erasure: { from: CASE_STATES, who: 'data_decider', text: true, quiet: true, ...AT_ANY_TIME },
  propose_legal_hold: { from: CASE_STATES, who: 'data_holder', text: true, quiet: true, ...AT_ANY_TIME },
  propose_hold_end: { from: CASE_STATES, who: 'data_holder', text: true, quiet: true, ...AT_ANY_TIME },
  decline_legal_hold: { from: CASE_STATES, who: 'data_holder', text: true, quiet: true, ...AT_ANY_TIME },
  refuse_data_request: {
    from: CASE_STATES,
    who: 'data_decider',
    text: true,
    textIsPublic: true,
    ...AT_ANY_TIME,
  },
  /** The day of the answer is put off, once (domain/privacy/requests.ts). */
  extend_data_request: {
    from: CASE_STATES,
    who: 'data_decider',
    text: true,
    textIsPublic: true,
    ...AT_ANY_TIME,
  },
  place_legal_hold: { from: CASE_STATES, who: 'data_holder', text: true, quiet: true, ...AT_ANY_TIME },
  lift_legal_hold: { from: CASE_STATES, who: 'data_holder', text: true, quiet: true, ...AT_ANY_TIME },
  erase_evidence: { from: OVER_STATES, to: null, who: 'system', quiet: true },
  erase: { from: OVER_STATES, to: null, who: 'system', quiet: true },
} as const satisfies Record<string, Rule>

/** Moves that bring a block before police to be lifted, or say anew why: the last of them is whose request it is. */
export const UNBLOCK_ASKED = [
  'request_unblock',
  'phone_returned',
  'uphold_objection',
] as const satisfies readonly (keyof typeof RULES)[]

/** Moves about what is held of a person: they leave the case itself as it is, in any state. */
export const DATA_MOVES = [
  'ask_correction',
  'ask_erasure',
  'withdraw_consent',
  'propose_erasure',
  'decline_erasure',
  'propose_legal_hold',
  'propose_hold_end',
  'decline_legal_hold',
  'grant_data_request',
  'refuse_data_request',
  'extend_data_request',
  'place_legal_hold',
  'lift_legal_hold',
  'erase_evidence',
  'erase',
] as const satisfies readonly (keyof typeof RULES)[]

export type Move = keyof typeof RULES

/** Of a case in `unblock_review`: the citizen asked for it, as its events say, newest first. */
export const askedByCitizen = (events: readonly { readonly move: string }[]): boolean =>
  events.find(({ move }) => UNBLOCK_ASKED.some((one) => one === move))?.move === 'request_unblock'

export const ruleOf = (move: Move): Rule => RULES[move]
