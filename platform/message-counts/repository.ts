import '#server-only'
import type { MessageWay } from '#generated/prisma/client.ts'
import { db, queryOutsideTransaction, sql } from '../db.ts'

export type { MessageWay }

/** Names the outcome of a message that was offered to a way. `tried`: it failed, and is tried again. */
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

export async function addCount(
  { day, way, outcome, code, segments }: Omit<MessageCount, 'count'>,
  count: number,
): Promise<void> {
  await queryOutsideTransaction(sql`
    INSERT INTO message_counts (day, way, outcome, code, count, segments)
    VALUES (${day}::date, ${way}::message_way, ${outcome}, ${code}, ${count}, ${segments})
    ON CONFLICT (day, way, outcome, code) DO UPDATE SET count = message_counts.count + excluded.count,
      segments = message_counts.segments + excluded.segments`)
}

/** Returns the counts from a local date on, the newest day first. */
export const countsSince = (day: string): Promise<MessageCount[]> =>
  db.$queryRaw<MessageCount[]>`
    SELECT day::text, way::text, outcome, code, count, segments FROM message_counts
    WHERE day >= ${day}::date ORDER BY day DESC, way, outcome, code`

export const deleteCountsBefore = (day: string): Promise<number> =>
  db.$executeRaw`DELETE FROM message_counts WHERE day < ${day}::date`
