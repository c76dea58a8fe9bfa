import { LIMITS, type LimitKind } from '#lib/access/limits.ts'
import type { Instant } from '#lib/time.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'

/** Uses a limit up except for its last `left` times. */
export async function useUp(kind: LimitKind, subject: string, now: Instant, left = 1): Promise<void> {
  for (let n = left; n < LIMITS[kind].amount; n++) await withinLimit(kind, subject, now)
}
