import { type Holidays, infoExpiry, isReminderDue, workingDaysAfter } from '#features/cases/clocks/rules.ts'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import { hearingEnd } from '../sides/rules.ts'
import type { ObjectionSnapshot, ObjectionState } from './rules.ts'

/** Why a move was refused. Each has its own message. */
export type ObjectionRefusal =
  | 'forbidden'
  | 'wrong_state'
  | 'own_block'
  | 'own_writing'
  | 'own_refusal'
  | 'not_shown_yet'
  | 'renewed_already'
  | 'renewed_late'
  | 'reason_code_missing'
  | 'text_missing'
  | 'changed'

export interface ObjectionFacts {
  readonly reasonCode?: string | undefined
  readonly text?: string | undefined
  /** For `uphold` and `refuse`: true if this person verified or approved the block. */
  readonly foundBlockRight?: boolean
  /** For `uphold` and `refuse`: true if this person wrote down at the desk what the reporter says. */
  readonly wroteDown?: boolean
  /** For `block_again`: the first of the two people who found that the phone is the reporter's. */
  readonly refusedById?: string | null
  /** For `uphold`: true if a photo of the phone's screen came with it. */
  readonly shown?: boolean
}
interface Attempt extends ObjectionFacts {
  /** Null if the actor is not staff. */
  readonly staffId: string | null
  readonly now: Instant
}

export interface ObjectionCalendar {
  readonly now: Instant
  readonly holidays: Holidays
  /** Working days that police have to decide. */
  readonly days: number
  /** Working days that a side has to answer before police decide. */
  readonly hearingDays: number
}

export type ObjectionChanges = Partial<
  Omit<
    ObjectionSnapshot,
    'id' | 'number' | 'version' | 'imei' | 'againstId' | 'unitId' | 'inspection' | 'sentAt'
  >
> & { readonly inspectedById?: string | null; readonly waiting?: boolean }

export interface ObjectionRule {
  readonly from: readonly ObjectionState[]
  /** Null: the state does not change. */
  readonly to: ObjectionState | null
  /** `police`: of the district that blocks the phone, and city police; `any_police`: of any district. */
  readonly who: 'holder' | 'police' | 'any_police' | 'system'
  readonly codes?: readonly string[]
  readonly text?: true
  /** The holder reads the text; otherwise only police do. */
  readonly textIsPublic?: true
  /** Returns a further reason to refuse the move, or null. */
  readonly refuse?: (o: ObjectionSnapshot, attempt: Attempt) => ObjectionRefusal | null
  readonly effect?: (attempt: Attempt & ObjectionCalendar) => ObjectionChanges
}

/** Returns the deadline for asking city police to look at a refusal again: once, within 30 days. */
export const renewUntil = (refusedAt: Instant): Instant => addMilliseconds(refusedAt, 30 * DAY)

/** Returns the deadline for police to decide, in working days after the sending, the renewal or the holder's answer. */
export const objectionDue = ({ now, days, holidays }: ObjectionCalendar): Instant =>
  workingDaysAfter(now, days, holidays)

/** Starts the holder's hearing in a review; if the city gives no time, it ends at once. */
const hears = ({ now, hearingDays, holidays }: ObjectionCalendar): ObjectionChanges => ({
  hearingUntil: hearingEnd(now, hearingDays, holidays) ?? now,
  answeredAt: null,
})

/** Bars a person who found the block right or wrote for the reporter, and from a renewed look the person who refused. */
function unlessDecided(
  o: ObjectionSnapshot,
  { staffId, foundBlockRight, wroteDown }: Attempt,
): 'own_block' | 'own_writing' | 'own_refusal' | null {
  if (foundBlockRight) return 'own_block'
  if (wroteDown) return 'own_writing'
  return staffId !== null && o.refusedById === staffId ? 'own_refusal' : null
}

const inReview = (o: ObjectionSnapshot) => (o.hearingUntil === null ? 'wrong_state' : null)

/** A text that the holder writes or reads. */
const PUBLIC = { text: true, textIsPublic: true } as const
const FROM_OPEN = ['open', 'info_requested'] as const

/** All moves of an objection. Sending is not a move: it creates the objection. */
export const OBJECTION_RULES = {
  reply: {
    from: ['info_requested'],
    to: 'open',
    who: 'holder',
    textIsPublic: true,
    effect: (attempt) => ({ dueAt: objectionDue(attempt) }),
  },
  withdraw: { from: FROM_OPEN, to: 'withdrawn', who: 'holder', textIsPublic: true },
  /** The single renewed look, by city police. */
  renew: {
    ...PUBLIC,
    from: ['refused'],
    to: 'open',
    who: 'holder',
    refuse: (o, { now }) => {
      if (o.renewedAt !== null) return 'renewed_already'
      return o.refusedAt !== null && now > renewUntil(o.refusedAt) ? 'renewed_late' : null
    },
    effect: (attempt) => ({ renewedAt: attempt.now, dueAt: objectionDue(attempt) }),
  },
  request_info: {
    ...PUBLIC,
    from: ['open'],
    to: 'info_requested',
    who: 'police',
    effect: ({ now }) => ({ dueAt: infoExpiry(now), remindedAt: null }),
  },
  /** Reminds the holder of an open question, on the same days as a reporter. */
  remind_reply: {
    from: ['info_requested'],
    to: null,
    who: 'system',
    refuse: (o, { now }) => (isReminderDue(o, now) ? null : 'wrong_state'),
    effect: ({ now }) => ({ remindedAt: now }),
  },
  /** The phone was shown at a police post; its holder may go to any. */
  inspect: {
    from: FROM_OPEN,
    to: null,
    who: 'any_police',
    codes: ['same', 'differs'],
    text: true,
    effect: ({ staffId, now, reasonCode }) => ({
      inspectedById: staffId,
      inspectedAt: now,
      inspectionHeld: reasonCode === 'same',
    }),
  },
  /** One person finds the holder right; the block ends when a second person approves that on the case. */
  uphold: {
    from: ['open'],
    to: null,
    who: 'police',
    text: true,
    refuse: (o, attempt) =>
      unlessDecided(o, attempt) ??
      (o.inspectionHeld !== true && attempt.shown === false ? 'not_shown_yet' : null),
  },
  refuse: {
    ...PUBLIC,
    from: ['open'],
    to: 'refused',
    who: 'police',
    // The holder reads the messages for these codes in their own language.
    codes: ['not_shown', 'insufficient_proof', 'not_yours', 'other'],
    refuse: unlessDecided,
    effect: ({ staffId, now }) => ({ refusedById: staffId, refusedAt: now }),
  },
  /** The block was lifted as wrong. */
  grant: { from: FROM_OPEN, to: 'granted', who: 'system' },
  /** Every carrier has lifted the block. */
  finish: { from: ['granted'], to: null, who: 'system' },
  /** The block ended for another reason. */
  lift: { from: FROM_OPEN, to: 'lifted', who: 'system' },
  expire: { from: ['info_requested'], to: 'expired', who: 'system' },
  /** The reporter asked for a review of the lift; the holder is told, and heard before a decision. */
  review: {
    from: ['granted'],
    to: null,
    who: 'system',
    refuse: (o) => (o.hearingUntil === null ? null : 'wrong_state'),
    effect: (attempt) => ({ ...hears(attempt), closedAt: null }),
  },
  answer: {
    ...PUBLIC,
    from: ['granted'],
    to: null,
    who: 'holder',
    refuse: inReview,
    effect: ({ now }) => ({ answeredAt: now }),
  },
  ask: { ...PUBLIC, from: ['granted'], to: null, who: 'police', refuse: inReview, effect: hears },
  /** The review ends: with `keep` the phone stays unblocked, with `block_again` two people have had it blocked again. */
  keep: {
    from: ['granted'],
    to: null,
    who: 'system',
    refuse: inReview,
    effect: ({ now }) => ({ hearingUntil: null, closedAt: now }),
  },
  block_again: {
    from: ['granted'],
    to: 'refused',
    who: 'system',
    refuse: inReview,
    effect: ({ now, refusedById = null }) => ({ hearingUntil: null, refusedById, refusedAt: now }),
  },
  /** The block that stayed after a refused objection is over. */
  block_over: { from: ['refused'], to: 'lifted', who: 'system' },
} as const satisfies Record<string, ObjectionRule>

export type ObjectionMove = keyof typeof OBJECTION_RULES
export const objectionRule = (move: ObjectionMove): ObjectionRule => OBJECTION_RULES[move]

export const OBJECTION_DECISIONS = [
  'uphold',
  'inspect',
  'request_info',
  'ask',
  'refuse',
] as const satisfies ObjectionMove[]
export type ObjectionDecision = (typeof OBJECTION_DECISIONS)[number]

export const HOLDER_ACTS = ['reply', 'answer', 'renew', 'withdraw'] as const satisfies ObjectionMove[]
export type HolderAct = (typeof HOLDER_ACTS)[number]
export const isHolderAct = (value: string): value is HolderAct => HOLDER_ACTS.some((act) => act === value)

export const HOLDER_ACTS_WITH_FILES: readonly HolderAct[] = ['reply', 'answer', 'renew']
