import '#server-only'
import { addMilliseconds, HOUR, type Instant } from '#lib/time.ts'
import { env } from '#platform/env.ts'

/** Returns from when on an account decides that is made, reset or changed at `now` (ADR 44). */
export const decidesFrom = (now: Instant): Instant => addMilliseconds(now, env().ACCOUNT_WAIT_HOURS * HOUR)
