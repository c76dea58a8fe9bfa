import type { ObjectionState } from './state.ts'

/** The reasons why police do not lift the block; the holder reads the words for these in their own language. */
export const REFUSE_CODES = ['not_shown', 'insufficient_proof', 'not_yours', 'other'] as const
/** The results that an inspection of the phone can have. */
export const INSPECT_CODES = ['same', 'differs'] as const

/** `police`: of the district that blocks the phone, and city police; `any_police`: of any district. */
export type ObjectionMover = 'holder' | 'police' | 'any_police' | 'system'

export interface ObjectionRule {
  readonly from: readonly ObjectionState[]
  /** null: the state stays. */
  readonly to: ObjectionState | null
  readonly who: ObjectionMover
  readonly codes?: readonly string[]
  /** Written words are required. */
  readonly text?: true
  /** The holder reads the words; otherwise only police do. */
  readonly textIsPublic?: true
}

/** Every move of an objection, as data. Sending it is not a move: it makes the objection. */
export const OBJECTION_RULES = {
  reply: { from: ['info_requested'], to: 'open', who: 'holder', textIsPublic: true },
  withdraw: { from: ['open', 'info_requested'], to: 'withdrawn', who: 'holder', textIsPublic: true },
  /** The one renewed look, by city police. */
  renew: { from: ['refused'], to: 'open', who: 'holder', text: true, textIsPublic: true },
  request_info: { from: ['open'], to: 'info_requested', who: 'police', text: true, textIsPublic: true },
  /** Reminds the holder of the question that they have not answered, on the same days as a reporter. */
  remind_reply: { from: ['info_requested'], to: null, who: 'system' },
  /** The phone was shown at a police post: its holder goes to any. */
  inspect: {
    from: ['open', 'info_requested'],
    to: null,
    who: 'any_police',
    codes: INSPECT_CODES,
    text: true,
  },
  /** One person finds the holder right; the block ends when a second one has approved it on the case. */
  uphold: { from: ['open'], to: null, who: 'police', text: true },
  refuse: {
    from: ['open'],
    to: 'refused',
    who: 'police',
    codes: REFUSE_CODES,
    text: true,
    textIsPublic: true,
  },
  /** The block was lifted as wrong. */
  grant: { from: ['open', 'info_requested'], to: 'granted', who: 'system' },
  /** Every carrier has lifted the block. */
  finish: { from: ['granted'], to: null, who: 'system' },
  /** It ended for another reason. */
  lift: { from: ['open', 'info_requested'], to: 'lifted', who: 'system' },
  expire: { from: ['info_requested'], to: 'expired', who: 'system' },
  /** The reporter has the lift reviewed: the holder is told, and heard before anything is decided (features/disputes). */
  review: { from: ['granted'], to: null, who: 'system' },
  answer: { from: ['granted'], to: null, who: 'holder', text: true, textIsPublic: true },
  ask: { from: ['granted'], to: null, who: 'police', text: true, textIsPublic: true },
  /** The review ends: the phone stays unblocked, or two people have had it blocked again. */
  keep: { from: ['granted'], to: null, who: 'system' },
  block_again: { from: ['granted'], to: 'refused', who: 'system' },
  /** The block that a refused objection left in force is over. */
  block_over: { from: ['refused'], to: 'lifted', who: 'system' },
} as const satisfies Record<string, ObjectionRule>

export type ObjectionMove = keyof typeof OBJECTION_RULES
export const objectionRule = (move: ObjectionMove): ObjectionRule => OBJECTION_RULES[move]

/** The decisions that the buttons of the police's page can make (`decision`), the most likely first. */
export const OBJECTION_DECISIONS = [
  'uphold',
  'inspect',
  'request_info',
  'ask',
  'refuse',
] as const satisfies readonly ObjectionMove[]
export type ObjectionDecision = (typeof OBJECTION_DECISIONS)[number]

/** The acts that the holder can choose on their own page (`act`). */
export const HOLDER_ACTS = [
  'reply',
  'answer',
  'renew',
  'withdraw',
] as const satisfies readonly ObjectionMove[]
export type HolderAct = (typeof HOLDER_ACTS)[number]
export const isHolderAct = (value: string): value is HolderAct => HOLDER_ACTS.some((act) => act === value)

/** Acts that may bring files. */
export const HOLDER_ACTS_WITH_FILES: readonly HolderAct[] = ['reply', 'answer', 'renew']
