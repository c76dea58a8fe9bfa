import '#server-only'
import { LIMITS, type LimitKind, scaledAmount } from '#lib/access/limits.ts'
import { DAY, type Instant, localDate, MINUTE, UTC_OFFSET_MINUTES } from '#lib/time.ts'
import { keyedHash } from '../crypto.ts'
import { queryOutsideTransaction, sql } from '../db.ts'
import { env } from '../env.ts'

export const scaledLimit = (kind: LimitKind): number => scaledAmount(kind, env().LIMIT_SCALE)

/** The arguments of `take_hit` for one subject. */
export interface Counter {
  readonly keyHash: Uint8Array
  readonly amount: number
  readonly window: number
}

export const counterFor = (kind: LimitKind, subject: string, now: Instant): Counter => ({
  // The key changes every day, so that a stored hash of an address leads nowhere tomorrow.
  keyHash: keyedHash('limit', `${kind}\0${localDate(now)}\0${subject}`),
  amount: scaledLimit(kind),
  window: LIMITS[kind].window,
})

/**
 * Returns a counter that allows one use a day; LIMIT_SCALE does not multiply it. It ends at the city's midnight, so that its
 * end does not show when it was created.
 */
export const onceADay = (kind: string, subject: string, now: Instant): Counter => ({
  keyHash: keyedHash('limit', `${kind}\0${localDate(now)}\0${subject}`),
  amount: 1,
  window: DAY - ((now.getTime() + UTC_OFFSET_MINUTES * MINUTE) % DAY),
})

/**
 * Counts one use, and tells whether it was within the limit. The count is kept even if the caller's transaction is rolled back.
 * No address or number is stored, only a keyed hash that changes each day.
 *
 * @param subject the counted subject: an address from `clientAddress`, a case number
 */
export async function withinLimit(
  kind: LimitKind,
  subject: string,
  now: Instant,
): Promise<{
  readonly allowed: boolean
  /** Seconds until the next use is allowed, for `Retry-After`; 0 if it is allowed now. */
  readonly retryAfterSeconds: number
}> {
  const { keyHash, amount, window } = counterFor(kind, subject, now)
  const retryAfterSeconds = await takeHit(keyHash, amount, window, now)
  return { allowed: retryAfterSeconds === 0, retryAfterSeconds }
}

/** Counts one use under a key. Returns 0 within the amount, otherwise the seconds until the next use. */
async function takeHit(keyHash: Uint8Array, amount: number, windowMs: number, now: Instant): Promise<number> {
  const [row] = await queryOutsideTransaction<{ wait: number }>(
    sql`SELECT take_hit(${keyHash}, ${amount}, ${windowMs}, ${now}) AS wait`,
  )
  return row?.wait ?? 0
}

/**
 * Tells whether a limit is used up, without counting. For limits on failures (counted with `withinLimit`), which must not block
 * a person for many successes.
 */
export async function isLimited(kind: LimitKind, subject: string, now: Instant): Promise<boolean> {
  const { keyHash, amount } = counterFor(kind, subject, now)
  return isSpent(keyHash, amount, now)
}

async function isSpent(keyHash: Uint8Array, amount: number, now: Instant): Promise<boolean> {
  const rows = await queryOutsideTransaction(
    sql`SELECT 1 FROM rate_limits WHERE key_hash = ${keyHash} AND hits >= ${amount} AND ends_at > ${now}`,
  )
  return rows.length > 0
}

/**
 * Gives back one use that {@link withinLimit} counted. For limits on failures, where each attempt must count while it runs, so
 * that parallel attempts do not bypass the limit.
 */
export async function giveBack(kind: LimitKind, subject: string, now: Instant): Promise<void> {
  await returnHit(counterFor(kind, subject, now).keyHash, now)
}

async function returnHit(keyHash: Uint8Array, now: Instant): Promise<void> {
  await queryOutsideTransaction(
    sql`UPDATE rate_limits SET hits = hits - 1 WHERE key_hash = ${keyHash} AND hits > 0 AND ends_at > ${now}`,
  )
}
