import '#server-only'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'
import { standingOf } from '../queries/rating.ts'
import type { ReceiptStanding } from '../rules/exclusion.ts'
import { parseReceiptNumber, type ReceiptNumber } from '../rules/receipt.ts'

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
