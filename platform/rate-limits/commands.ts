import '#server-only'
import { LIMITS, type LimitKind, scaledAmount } from '#lib/access/limits.ts'
import { DAY, type Instant, localDate, MINUTE, UTC_OFFSET_MINUTES } from '#lib/time.ts'
import { keyedHash } from '../crypto.ts'
import { queryOutsideTransaction, sql } from '../db.ts'
import { env } from '../env.ts'

/** Returns how often a thing may be done here, in its window. */
export const scaledLimit = (kind: LimitKind): number => scaledAmount(kind, env().LIMIT_SCALE)

/** Returns the counter of one subject, its name and how far it may go: the arguments of `take_hit`. */
export const counterFor = (kind: LimitKind, subject: string, now: Instant) => ({
  // Under a new name every day, so that what is kept of an address leads nowhere tomorrow.
  keyHash: keyedHash('limit', `${kind}\0${localDate(now)}\0${subject}`),
  amount: scaledLimit(kind),
  window: LIMITS[kind].window,
})

/**
 * Returns the counter of something that is told apart once a day; LIMIT_SCALE does not multiply it. It is gone at the city's
 * midnight, and its end says nothing of when it was made.
 */
export const onceADay = (kind: string, subject: string, now: Instant) => ({
  keyHash: keyedHash('limit', `${kind}\0${localDate(now)}\0${subject}`),
  amount: 1,
  window: DAY - ((now.getTime() + UTC_OFFSET_MINUTES * MINUTE) % DAY),
})

/**
 * Counts one use of something limited, and says whether it was within its limit. The count is kept even where
 * the caller's transaction is not. No address or number is stored: only a keyed hash that changes each day.
 *
 * @param subject what `kind` counts for: an address from `clientAddress`, a case number
 */
export async function withinLimit(
  kind: LimitKind,
  subject: string,
  now: Instant,
): Promise<{
  readonly allowed: boolean
  /** The seconds until it would be allowed again; 0 when it is now. For `Retry-After`. */
  readonly retryAfterSeconds: number
}> {
  const { keyHash, amount, window } = counterFor(kind, subject, now)
  const retryAfterSeconds = await takeHit(keyHash, amount, window, now)
  return { allowed: retryAfterSeconds === 0, retryAfterSeconds }
}

/** Counts one use under a key. Answers 0 when it is within the amount, otherwise the seconds until it would be. */
async function takeHit(keyHash: Uint8Array, amount: number, windowMs: number, now: Instant): Promise<number> {
  const [row] = await queryOutsideTransaction<{ wait: number }>(
    sql`SELECT take_hit(${keyHash}, ${amount}, ${windowMs}, ${now}) AS wait`,
  )
  return row?.wait ?? 0
}

/**
 * Tells whether a limit has been used up, without using any of it: where only failures count (`withinLimit` counts
 * them), and a person who is right must not be held up by having been right often.
 */
export async function isLimited(kind: LimitKind, subject: string, now: Instant): Promise<boolean> {
  const { keyHash, amount } = counterFor(kind, subject, now)
  return isSpent(keyHash, amount, now)
}

/** Tells whether everything within the amount has been used already; counts nothing. */
async function isSpent(keyHash: Uint8Array, amount: number, now: Instant): Promise<boolean> {
  const rows = await queryOutsideTransaction(
    sql`SELECT 1 FROM rate_limits WHERE key_hash = ${keyHash} AND hits >= ${amount} AND ends_at > ${now}`,
  )
  return rows.length > 0
}

/**
 * Gives back one use that {@link withinLimit} counted, where only failures should count and everything under way must:
 * tries sent at once are then no way around the limit.
 */
export async function giveBack(kind: LimitKind, subject: string, now: Instant): Promise<void> {
  await returnHit(counterFor(kind, subject, now).keyHash, now)
}

/** Takes one use away again, while its window is open. */
async function returnHit(keyHash: Uint8Array, now: Instant): Promise<void> {
  await queryOutsideTransaction(
    sql`UPDATE rate_limits SET hits = hits - 1 WHERE key_hash = ${keyHash} AND hits > 0 AND ends_at > ${now}`,
  )
}
