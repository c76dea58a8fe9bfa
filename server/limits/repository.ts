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
