import { addMilliseconds, HOUR, type Instant, localDate, MINUTE, UTC_OFFSET_MINUTES } from '#lib/time.ts'

/**
 * The faults that a carrier may have: it acknowledged less than before, answers later orders and not earlier ones, asks for its
 * lines by the interface while they come by letter, says more often than is likely that an IMEI is in several phones, or let in a
 * phone that it told as blocked.
 */
const FLAG_KINDS = ['ack_back', 'skipped', 'other_way', 'shared_many', 'served_blocked'] as const
export type FlagKind = (typeof FLAG_KINDS)[number]

/** The longest delay by which a later acknowledgement can have overtaken this one on the way. */
const OVERTAKEN_WITHIN = MINUTE

/** Tells whether an acknowledgement says that a carrier has forgotten some of its book. */
export const goesBack = (
  upTo: number,
  { acked, ackedAt }: { readonly acked: number; readonly ackedAt: Instant | null },
  now: Instant,
): boolean => upTo < acked && ackedAt !== null && addMilliseconds(ackedAt, OVERTAKEN_WITHIN) <= now

const REMINDER_KINDS = ['late', 'very_late'] as const
export type ReminderKind = (typeof REMINDER_KINDS)[number]

const [FROM_HOUR, TO_HOUR] = [8, 20]

/**
 * Tells whether reminders are sent now: only from 8:00 to 20:00. Each kind is sent once a day: without these hours a
 * day's mail would be sent at midnight and not in the morning.
 */
export const isReminderTime = (now: Instant): boolean => {
  const hour = addMilliseconds(now, UTC_OFFSET_MINUTES * MINUTE).getUTCHours()
  return hour >= FROM_HOUR && hour < TO_HOUR
}

/**
 * Returns the reminders that a carrier is to get of its late orders; an order that is very late is not counted twice.
 */
export function remindersOf({ late, veryLate }: { readonly late: number; readonly veryLate: number }) {
  const counts: Readonly<Record<ReminderKind, number>> = { late: late - veryLate, very_late: veryLate }
  return REMINDER_KINDS.flatMap((kind) => (counts[kind] > 0 ? [{ kind, orders: counts[kind] }] : []))
}

/** Returns the day that a reminder counts for. */
export const reminderDay = (now: Instant): Date => new Date(localDate(now))

/** Reminders are remembered no longer than it takes to be sure of a day. */
export const REMINDERS_KEPT = 7 * 24 * HOUR
