import type { Result } from '#domain/result.ts'
import { seen } from '#domain/writing.ts'
import { PublicWords, type WordFaults } from './public-words.ts'
import type { Typed } from './typed.ts'
import type { WithdrawalReason } from './withdrawal.ts'

/**
 * Which answers are kept but not counted. Only what can be judged without keeping who: a rule looks for a sign, and an
 * answer that shows it is excluded once its address has sent more such answers about one agency within a day than people
 * behind one address would (`LIMITS.survey_fast`, `LIMITS.survey_same`). Those before stay counted, since nothing leads
 * back to them. Answers from a kiosk are never judged: its counter sends many from one place.
 */
export const EXCLUSION_REASONS = ['too_fast', 'same_answers'] as const
export type ExclusionReason = (typeof EXCLUSION_REASONS)[number]

/**
 * How soon a form comes back that shows a sign. Nobody chooses and sends in three seconds, even who knows the questions by
 * heart. Equal answers alone are no sign: behind one address may be a whole office's visitors, all of them content. Given
 * sooner than some 160 words are read, twice as fast as people do, they are of somebody who has answered before.
 */
export const SOONER_THAN = {
  too_fast: 3_000,
  same_answers: 20_000,
} as const satisfies Record<ExclusionReason, number>

/** How often an address may show a sign in one day before an answer is excluded for it. */
export const SIGN_LIMITS = {
  too_fast: 'survey_fast',
  same_answers: 'survey_same',
} as const satisfies Record<ExclusionReason, string>

export interface Sign {
  readonly reason: ExclusionReason
  /** What is counted, beside the address: the agency, and for equal answers the answers. */
  readonly subject: string
}

export interface JudgedAnswer {
  readonly agencyId: string
  readonly answers: Readonly<Record<string, unknown>>
  /** From when we made the form until it came back; null where the form was not made by us. */
  readonly elapsedMs: number | null
}

/** The signs that an answer shows, the weightier first. */
export function signsOf({ agencyId, answers, elapsedMs }: JudgedAnswer): readonly Sign[] {
  const pattern = Object.entries(answers)
    .map(([question, code]) => `${question}=${code}`)
    .toSorted()
    .join('&')
  const signs: readonly Sign[] = [
    { reason: 'too_fast', subject: agencyId },
    { reason: 'same_answers', subject: `${agencyId}?${pattern}` },
  ]
  return signs.filter(({ reason }) => elapsedMs === null || elapsedMs < SOONER_THAN[reason])
}

/** What a receipt says of its answer. */
export type ReceiptStanding =
  | { readonly state: 'counted' }
  | { readonly state: 'excluded'; readonly reason: ExclusionReason }

/** `11/2026` of a month's first day, in both languages. */
export const writtenMonth = (first: Date): string => {
  const [year, month] = first.toISOString().split('-')
  return `${month}/${year}`
}

/** Shorter says nothing to whoever reads it. */
const REVERSAL_LEAST = 10

/** Reads why a group counts after all, for everybody to read; faults named as under `survey` in the messages. */
export function readReversal(typed: Typed): Result<WithdrawalReason, WordFaults> {
  const words = new PublicWords(typed)
  const reasonVi = words.text('reason', 'reversal', true) ?? ''
  const reasonEn = words.text('reasonEn', 'reversal', false)
  if (seen(reasonVi) < REVERSAL_LEAST) words.faults.reason = 'reversal.empty'
  return words.result({ reasonVi, reasonEn })
}
