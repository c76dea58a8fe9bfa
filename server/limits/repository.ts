import '#server-only'
import type { Instant } from '#domain/time.ts'
import { aside } from '#server/platform/aside.ts'

/** Counts one use under a key. Answers 0 when it is within the amount, otherwise the seconds until it would be. */
export async function takeHit(
  keyHash: Uint8Array,
  amount: number,
  windowMs: number,
  now: Instant,
): Promise<number> {
  const [row] = await aside<{ wait: number }>('take_hit', 'SELECT take_hit($1, $2, $3, $4) AS wait', [
    keyHash,
    amount,
    windowMs,
    now,
  ])
  return row?.wait ?? 0
}

/** Whether everything within the amount has been used already; counts nothing. */
export async function isSpent(keyHash: Uint8Array, amount: number, now: Instant): Promise<boolean> {
  const rows = await aside(
    'limit_spent',
    'SELECT 1 FROM rate_limits WHERE key_hash = $1 AND hits >= $2 AND ends_at > $3',
    [keyHash, amount, now],
  )
  return rows.length > 0
}

/** Takes one use away again, while its window is open. */
export async function returnHit(keyHash: Uint8Array, now: Instant): Promise<void> {
  await aside(
    'return_hit',
    'UPDATE rate_limits SET hits = hits - 1 WHERE key_hash = $1 AND hits > 0 AND ends_at > $2',
    [keyHash, now],
  )
}
