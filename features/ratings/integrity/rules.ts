import { PublicWords, type WordFaults } from '#features/questionnaires/questions/form-rules.ts'
import type { RawForm } from '#lib/raw-form.ts'
import type { Result } from '#lib/result.ts'
import { countGraphemes } from '#lib/text-normalization.ts'
import type { WithdrawalReason } from '../replies/rules.ts'

/**
 * The rules by which answers are kept but not counted. They need no record of who answered, and none made from the answers. A
 * rule looks for a sign. An answer with the sign is excluded once its address has sent more such answers about one agency within
 * a day than people behind one address would (`LIMITS.survey_fast`). Earlier answers stay counted, since nothing leads back to
 * them. Answers from a kiosk are never judged: it sends many from one place.
 */
export const EXCLUSION_RULES = ['too_fast'] as const
type ExclusionRule = (typeof EXCLUSION_RULES)[number]

/** Every reason for which an answer may have been excluded. `same_answers` was a rule until 2026-11-28 (docs/adr/0048). */
export const EXCLUSION_REASONS = [...EXCLUSION_RULES, 'same_answers'] as const
export type ExclusionReason = (typeof EXCLUSION_REASONS)[number]

/** In milliseconds: a form that comes back sooner shows the sign. Nobody chooses and sends in three seconds. */
export const SOONER_THAN = { too_fast: 3_000 } as const satisfies Record<ExclusionRule, number>

/** The limit on answers with the sign, per address and agency in a day. Above it they are excluded. */
export const SIGN_LIMITS = { too_fast: 'survey_fast' } as const satisfies Record<ExclusionRule, string>

/** Returns the signs of an answer, by the time from when we made the form until it came back; null if we did not make it. */
export const signsOf = (elapsedMs: number | null): readonly ExclusionRule[] =>
  EXCLUSION_RULES.filter((rule) => elapsedMs === null || elapsedMs < SOONER_THAN[rule])

export type ReceiptStanding =
  | { readonly state: 'counted' }
  | { readonly state: 'excluded'; readonly reason: ExclusionReason }

/** Formats the first day of a month as `11/2026`, for both languages. */
export const writtenMonth = (first: Date): string => {
  const [year, month] = first.toISOString().split('-')
  return `${month}/${year}`
}

/** In graphemes. A shorter reason says nothing to its readers. */
const REVERSAL_LEAST = 10

/** Reads the public reason for reversing a group. Faults are named as under `survey` in the messages. */
export function readReversal(typed: RawForm): Result<WithdrawalReason, WordFaults> {
  const words = new PublicWords(typed)
  const reasonVi = words.text('reason', 'reversal', true) ?? ''
  const reasonEn = words.text('reasonEn', 'reversal', false)
  if (countGraphemes(reasonVi) < REVERSAL_LEAST) words.faults.reason = 'reversal.empty'
  return words.result({ reasonVi, reasonEn })
}
