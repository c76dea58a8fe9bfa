import '#server-only'
import { addMilliseconds, DAY, type Instant, localDate } from '#lib/time.ts'
import { db } from '../db.ts'
import type { MessageCount } from './repository.ts'

export type { MessageCount } from './repository.ts'

/** Returns the message counts of the last `days` days, newest first. */
export const messageCounts = (days: number, now: Instant): Promise<MessageCount[]> =>
  countsSince(localDate(addMilliseconds(now, -(days - 1) * DAY)))

const countsSince = (day: string): Promise<MessageCount[]> =>
  db.$queryRaw<MessageCount[]>`
    SELECT day::text, way::text, outcome, code, count, segments FROM message_counts
    WHERE day >= ${day}::date ORDER BY day DESC, way, outcome, code`
