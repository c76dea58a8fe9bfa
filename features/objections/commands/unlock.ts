import '#server-only'
import { parseCaseSecret } from '#features/cases/rules/secret.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { keyedHash, sameBytes } from '#platform/crypto.ts'
import { isLimited, withinLimit } from '#platform/rate-limits/commands.ts'
import { secretHashOf } from '../data.ts'
import { dropReceipt } from '../drafts/data.ts'
import { objectionNumbers } from '../rules/number.ts'

/** Compared where there is no objection, so that a wrong number costs the same work as a wrong secret. */
const ZERO_HASH = new Uint8Array(32)

/**
 * Opens an objection for a person who has its number and secret. A wrong number and a wrong secret get the same answer
 * after the same work. After too many wrong tries from an address, nothing from it is compared any more.
 */
export async function unlockObjection(
  typed: { readonly number: string; readonly secret: string },
  address: string,
  now: Instant,
): Promise<Result<{ readonly id: string; readonly number: string }, 'no_match' | 'too_many'>> {
  const number = objectionNumbers.parse(typed.number)
  const secret = parseCaseSecret(typed.secret)
  const subject = number.ok ? number.value : ''
  if (await isLimited('lookup_address', address, now)) return err('too_many')
  const objection = await secretHashOf(subject)
  const shown = keyedHash('objection-secret', secret.ok ? secret.value : '')
  const right = sameBytes(objection?.secretHash ?? ZERO_HASH, shown)
  if (objection && right) return ok({ id: objection.id, number: subject })
  await withinLimit('lookup_address', address, now)
  return err('no_match')
}

/** Ends what a browser may still open: what it sent, and its draft, which a code opens again. */
export const forgetObjectionReceipt = dropReceipt
