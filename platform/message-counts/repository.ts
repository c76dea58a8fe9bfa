import '#server-only'
import type { MessageWay } from '#generated/prisma/client.ts'
import { addMilliseconds, DAY, type Instant, localDate } from '#lib/time.ts'
import { db } from '../db.ts'

export type { MessageWay }

/** The outcome of a message on one channel. `tried`: it failed and will be tried again. */
export type MessageOutcome = 'accepted' | 'tried' | 'refused' | 'given_up' | 'delivered' | 'undelivered'

export interface MessageCount {
  /** A local date. */
  readonly day: string
  readonly way: MessageWay
  readonly outcome: MessageOutcome
  readonly code: string
  readonly count: number
  readonly segments: number
}

/** Returns the message counts of the last `days` days, newest first. */
export const messageCounts = (days: number, now: Instant): Promise<MessageCount[]> =>
  db.$queryRaw<MessageCount[]>`
    SELECT day::text, way::text, outcome, code, count, segments FROM message_counts
    WHERE day >= ${localDate(addMilliseconds(now, -(days - 1) * DAY))}::date ORDER BY day DESC, way, outcome, code`
