import { addMilliseconds, HOUR, type Instant, localDate, MINUTE, UTC_OFFSET_MINUTES } from '#lib/time.ts'

/**
 * Faults of a carrier: it acknowledged less than before, answers later orders and not earlier ones, reads its lines by the
 * interface although they come by letter, says improbably often that an IMEI is in several phones, or let in a phone that it
 * reported as blocked.
 */
const FLAG_KINDS = ['ack_back', 'skipped', 'other_way', 'shared_many', 'served_blocked'] as const
export type FlagKind = (typeof FLAG_KINDS)[number]

/** The longest delay within which a later acknowledgement can overtake an earlier one. */
const OVERTAKEN_WITHIN = MINUTE

/** Checks whether an acknowledgement shows that a carrier lost part of its book. */
export const goesBack = (
  upTo: number,
  { acked, ackedAt }: { readonly acked: number; readonly ackedAt: Instant | null },
  now: Instant,
): boolean => upTo < acked && ackedAt !== null && addMilliseconds(ackedAt, OVERTAKEN_WITHIN) <= now

const REMINDER_KINDS = ['late', 'very_late'] as const
export type ReminderKind = (typeof REMINDER_KINDS)[number]

const [FROM_HOUR, TO_HOUR] = [8, 20]

/**
 * Checks whether reminders are sent now: only from 8:00 to 20:00. Each kind is sent once a day, so without these hours a day's
 * mail would go out at midnight.
 */
export const isReminderTime = (now: Instant): boolean => {
  const hour = addMilliseconds(now, UTC_OFFSET_MINUTES * MINUTE).getUTCHours()
  return hour >= FROM_HOUR && hour < TO_HOUR
}

/** Returns the reminders due to a carrier; a very late order is not counted as late too. */
export function remindersOf({ late, veryLate }: { readonly late: number; readonly veryLate: number }) {
  const counts: Readonly<Record<ReminderKind, number>> = { late: late - veryLate, very_late: veryLate }
  return REMINDER_KINDS.flatMap((kind) => (counts[kind] > 0 ? [{ kind, orders: counts[kind] }] : []))
}

export const reminderDay = (now: Instant): Date => new Date(localDate(now))

/** Sent reminders prevent a second one on their day; after that they need not be kept. */
export const REMINDERS_KEPT = 7 * 24 * HOUR
