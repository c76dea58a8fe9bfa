import '#server-only'
import { err, ok, type Result } from '#domain/result.ts'
import type { ReceiptStanding } from '#domain/survey/exclusion.ts'
import { parseReceiptNumber, type ReceiptNumber } from '#domain/survey/receipt.ts'
import type { Instant } from '#domain/time.ts'
import { withinLimit } from '#server/limits/commands.ts'
import { standingOf } from '../loaders/rating.ts'

export interface Verified {
  readonly number: ReceiptNumber
  /** `unknown`: rightly written, and none of ours. */
  readonly standing: ReceiptStanding | { readonly state: 'unknown' }
}

export type VerifyRefusal =
  | { readonly kind: 'empty' | 'format' }
  | { readonly kind: 'limit'; readonly retryAfterSeconds: number }

/**
 * Checks a receipt number that a person typed, and returns what it says. Guessing one takes 2^60 tries, at so many an
 * hour.
 */
export async function verifyReceipt(
  typed: string,
  address: string,
  now: Instant,
): Promise<Result<Verified, VerifyRefusal>> {
  if (typed.trim() === '') return err({ kind: 'empty' })
  const number = parseReceiptNumber(typed)
  if (number === null) return err({ kind: 'format' })
  const { allowed, retryAfterSeconds } = await withinLimit('verify_address', address, now)
  if (!allowed) return err({ kind: 'limit', retryAfterSeconds })
  return ok({ number, standing: (await standingOf(number)) ?? { state: 'unknown' } })
}
