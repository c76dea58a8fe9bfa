import '#server-only'
import type { Instant } from '#lib/time.ts'
import { queryOutsideTransaction, sql } from '../db.ts'

/** Counts one use under a key. Answers 0 when it is within the amount, otherwise the seconds until it would be. */
export async function takeHit(
  keyHash: Uint8Array,
  amount: number,
  windowMs: number,
  now: Instant,
): Promise<number> {
  const [row] = await queryOutsideTransaction<{ wait: number }>(
    sql`SELECT take_hit(${keyHash}, ${amount}, ${windowMs}, ${now}) AS wait`,
  )
  return row?.wait ?? 0
}

/** Tells whether everything within the amount has been used already; counts nothing. */
export async function isSpent(keyHash: Uint8Array, amount: number, now: Instant): Promise<boolean> {
  const rows = await queryOutsideTransaction(
    sql`SELECT 1 FROM rate_limits WHERE key_hash = ${keyHash} AND hits >= ${amount} AND ends_at > ${now}`,
  )
  return rows.length > 0
}

/** Takes one use away again, while its window is open. */
export async function returnHit(keyHash: Uint8Array, now: Instant): Promise<void> {
  await queryOutsideTransaction(
    sql`UPDATE rate_limits SET hits = hits - 1 WHERE key_hash = ${keyHash} AND hits > 0 AND ends_at > ${now}`,
  )
}
