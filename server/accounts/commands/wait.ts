import '#server-only'
import { HOUR, type Instant, plus } from '#domain/time.ts'
import { env } from '#server/platform/env.ts'

/** Returns from when on an account decides that is made, reset or changed at `now` (ADR 44). */
export const decidesFrom = (now: Instant): Instant => plus(now, env().ACCOUNT_WAIT_HOURS * HOUR)
