import { PublicWords, type WordFaults } from '#features/questionnaires/questions/form-rules.ts'
import type { RawForm } from '#lib/raw-form.ts'
import type { Result } from '#lib/result.ts'
import { countGraphemes } from '#lib/text-normalization.ts'
import type { WithdrawalReason } from '../replies/rules.ts'

/**
 * The rules by which answers are kept but not counted. They judge only by facts that need no record of who answered,
 * and no record that is made from the answers. A rule looks for a sign, and an answer that shows it is excluded once
 * its address has sent more such answers about one agency within a day than people behind one address would
 * (`LIMITS.survey_fast`). Earlier answers stay counted, since nothing leads back to them. Answers from a kiosk are
 * never judged: its counter sends many from one place.
 */
export const EXCLUSION_RULES = ['too_fast'] as const
type ExclusionRule = (typeof EXCLUSION_RULES)[number]

/** Every reason that an answer may have been excluded for. `same_answers` was a rule until 2026-11-28 (docs/adr/0048). */
export const EXCLUSION_REASONS = [...EXCLUSION_RULES, 'same_answers'] as const
export type ExclusionReason = (typeof EXCLUSION_REASONS)[number]

/**
 * The time, in milliseconds, within which a form that comes back shows a sign. Nobody chooses and sends in three
 * seconds, not even a person who knows the questions by heart.
 */
export const SOONER_THAN = { too_fast: 3_000 } as const satisfies Record<ExclusionRule, number>

/** The limit on how often an address may show a sign at one agency in one day before an answer is excluded for it. */
export const SIGN_LIMITS = { too_fast: 'survey_fast' } as const satisfies Record<ExclusionRule, string>

/**
 * Returns the signs that an answer shows.
 *
 * @param elapsedMs from when we made the form until it came back; null where the form was not made by us
 */
export const signsOf = (elapsedMs: number | null): readonly ExclusionRule[] =>
  EXCLUSION_RULES.filter((rule) => elapsedMs === null || elapsedMs < SOONER_THAN[rule])

/** The state of an answer, as its receipt tells it. */
export type ReceiptStanding =
  | { readonly state: 'counted' }
  | { readonly state: 'excluded'; readonly reason: ExclusionReason }

/** Writes a month's first day as `11/2026`, in both languages. */
export const writtenMonth = (first: Date): string => {
  const [year, month] = first.toISOString().split('-')
  return `${month}/${year}`
}

/** A shorter reason says nothing to its readers. */
const REVERSAL_LEAST = 10

/** Reads why a group counts after all, for everybody to read; faults named as under `survey` in the messages. */
export function readReversal(typed: RawForm): Result<WithdrawalReason, WordFaults> {
  const words = new PublicWords(typed)
  const reasonVi = words.text('reason', 'reversal', true) ?? ''
  const reasonEn = words.text('reasonEn', 'reversal', false)
  if (countGraphemes(reasonVi) < REVERSAL_LEAST) words.faults.reason = 'reversal.empty'
  return words.result({ reasonVi, reasonEn })
}
