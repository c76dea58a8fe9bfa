import '#server-only'
import type { Instant } from '#domain/time.ts'
import { aside } from '#server/platform/aside.ts'

export interface Counter {
  readonly keyHash: Uint8Array
  readonly amount: number
  readonly window: number
}

/**
 * Counts one check and looks a phone up, in one round trip: `wait` is 0 within the limit, otherwise the seconds
 * until the next is allowed. A null key only counts.
 */
export async function countAndFind(
  key14: string | null,
  { keyHash, amount, window }: Counter,
  now: Instant,
): Promise<{ readonly wait: number; readonly reported: boolean }> {
  const [row] = await aside<{ wait: number; reported: boolean }>(
    'check_imei',
    'SELECT wait, reported FROM check_imei($1, $2, $3, $4, $5)',
    [key14, keyHash, amount, window, now],
  )
  if (!row) throw new Error('check_imei answered nothing')
  return row
}
