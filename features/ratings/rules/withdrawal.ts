import { PublicWords, type WordFaults } from '#features/questionnaires/rules/public-words.ts'
import type { RawForm } from '#lib/raw-form.ts'
import type { Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'

/** The reason why something that was published is taken back, in words that everybody reads. */
export interface WithdrawalReason {
  readonly reasonVi: string
  readonly reasonEn: string | null
}

/** The record of a publication that was taken back: it never says that there was no publication. */
export interface Withdrawal extends WithdrawalReason {
  readonly at: Instant
}

export function readWithdrawal(typed: RawForm): Result<WithdrawalReason, WordFaults> {
  const words = new PublicWords(typed)
  return words.result({
    reasonVi: words.text('reason', 'withdraw', true) ?? '',
    reasonEn: words.text('reasonEn', 'withdraw', false),
  })
}
