import '#server-only'
import { type Instant, localDate } from '#lib/time.ts'
import { db, queryOutsideTransaction, sql } from '../db.ts'
import { log } from '../log.ts'
import { MessageRefused, messageFault } from '../message-fault.ts'
import { countSent as meter } from '../metrics.ts'
import type { MessageCount, MessageOutcome, MessageWay } from './repository.ts'

/** Counts a message's outcome. A failure to count is logged and never blocks the message. */
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

/** The channel names in /metrics, where `push` means a push to a carrier. */
const CHANNEL = { mail: 'email', sms: 'sms', zalo: 'zalo', push: 'device' } as const

/**
 * Sends a message on one channel and counts the result, by day in the database and for /metrics. `send` returns the number of
 * billed segments.
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

export const forgetMessageCounts = (until: Instant): Promise<number> =>
  db.$executeRaw`DELETE FROM message_counts WHERE day < ${localDate(until)}::date`
