import '#server-only'
import { type Instant, localDate } from '#lib/time.ts'
import { db, queryOutsideTransaction, sql } from '../db.ts'
import { log } from '../log.ts'
import { MessageRefused, messageFault } from '../message-fault.ts'
import { countSent as meter } from '../metrics.ts'
import type { MessageCount, MessageOutcome, MessageWay } from './repository.ts'

/** Counts what became of a message. A count that cannot be written stops no message: it is logged. */
export async function countMessage(
  way: MessageWay,
  outcome: MessageOutcome,
  { code = '', segments = 0, count = 1, now = new Date() } = {},
): Promise<void> {
  await addCount({ day: localDate(now), way, outcome, code, segments }, count).catch((err) =>
    log().warn({ err, way, outcome }, 'a message could not be counted'),
  )
}

async function addCount(
  { day, way, outcome, code, segments }: Omit<MessageCount, 'count'>,
  count: number,
): Promise<void> {
  await queryOutsideTransaction(sql`
    INSERT INTO message_counts (day, way, outcome, code, count, segments)
    VALUES (${day}::date, ${way}::message_way, ${outcome}, ${code}, ${count}, ${segments})
    ON CONFLICT (day, way, outcome, code) DO UPDATE SET count = message_counts.count + excluded.count,
      segments = message_counts.segments + excluded.segments`)
}

/** Names each way as /metrics has it, where a push is one to a carrier. */
const CHANNEL = { mail: 'email', sms: 'sms', zalo: 'zalo', push: 'device' } as const

/**
 * Sends a message by one way and counts the result: by day in the database, and for /metrics. `send` returns how many
 * segments are paid for.
 */
export async function sendCounted(way: MessageWay, send: () => Promise<number>): Promise<void> {
  let segments: number
  try {
    segments = await meter(CHANNEL[way], send)
  } catch (error) {
    const refused = error instanceof MessageRefused
    await countMessage(way, refused ? 'refused' : 'tried', { code: messageFault(error) })
    throw error
  }
  await countMessage(way, 'accepted', { segments })
}

/** Deletes the counts of days before `until`. */
export const forgetMessageCounts = (until: Instant): Promise<number> => deleteCountsBefore(localDate(until))

const deleteCountsBefore = (day: string): Promise<number> =>
  db.$executeRaw`DELETE FROM message_counts WHERE day < ${day}::date`
