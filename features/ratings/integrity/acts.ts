import '#server-only'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'
import { readmitComments } from '../comments/data.ts'
import { countRepeated } from '../publication/data.ts'
import { standingOf } from '../rating/data.ts'
import { parseReceiptNumber, type ReceiptNumber } from '../rating/rules.ts'
import { readmitOne } from './data.ts'
import type { ReceiptStanding } from './rules.ts'

/** Few enough that an agency's row is not held for long. */
const AT_A_TIME = 20

/**
 * Counts every answer of a reversed group, a few in each transaction, and then lets its comments wait with the last of
 * them. Doing it again goes on where it stopped.
 */
export async function recountExcluded(exclusionId: string): Promise<void> {
  while (await readmitSome(exclusionId)) {}
}

const readmitSome = (exclusionId: string): Promise<boolean> =>
  transaction(async (tx) => {
    for (let done = 0; done < AT_A_TIME; done++) {
      const key = await readmitOne(tx, exclusionId)
      if (key === null) {
        await readmitComments(tx, exclusionId)
        return false
      }
      // One address sent many of them and is no longer known: they wait for ten other people.
      await countRepeated(tx, key)
    }
    return true
  })

export interface Verified {
  readonly number: ReceiptNumber
  /** `unknown`: rightly written, and none of ours. */
  readonly standing: ReceiptStanding | { readonly state: 'unknown' }
}

type VerifyRefusal =
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
