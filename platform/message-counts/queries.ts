import '#server-only'
import { addMilliseconds, DAY, type Instant, localDate } from '#lib/time.ts'
import { db } from '../db.ts'
import type { MessageCount } from './repository.ts'

export type { MessageCount } from './repository.ts'

/** Returns what became of messages in the last `days` days, the newest day first. */
export const messageCounts = (days: number, now: Instant): Promise<MessageCount[]> =>
  countsSince(localDate(addMilliseconds(now, -(days - 1) * DAY)))

/** Returns the counts from a local date on, the newest day first. */
const countsSince = (day: string): Promise<MessageCount[]> =>
  db.$queryRaw<MessageCount[]>`
    SELECT day::text, way::text, outcome, code, count, segments FROM message_counts
    WHERE day >= ${day}::date ORDER BY day DESC, way, outcome, code`
