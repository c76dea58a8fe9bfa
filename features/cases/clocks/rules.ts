import { addMilliseconds, DAY, fromLocal, HOUR, type Instant, localDate } from '#lib/time.ts'

/** Days without work in the city's calendar, as `YYYY-MM-DD`. */
export type Holidays = ReadonlySet<string>

const DECISION_WORKING_DAYS = 3
const END_OF_WORKING_DAY = 17
const HOLD_ANSWERED_WITHIN = 4 * HOUR

/** Returns by when an officer must take the case: within 24 hours. */
export const firstActionDue = (submittedAt: Instant): Instant => addMilliseconds(submittedAt, 24 * HOUR)

/**
 * Returns when the decision is due, within three working days: 17:00 in the city on the third working day after the day
 * of receipt. The day of receipt isn't counted, even if the report came in early that morning, and neither are
 * Saturdays, Sundays and `holidays`. A Saturday worked in exchange for a day off isn't counted either, so the clock can
 * only be kinder than the roster.
 */
export const decisionDue = (submittedAt: Instant, holidays: Holidays): Instant =>
  workingDaysAfter(submittedAt, DECISION_WORKING_DAYS, holidays)

/** Returns the due moment after a number of working days, counted in the same way. */
export function workingDaysAfter(start: Instant, days: number, holidays: Holidays): Instant {
  const [year = 0, month = 0, day = 0] = localDate(start).split('-').map(Number)
  let due = fromLocal(year, month, day, END_OF_WORKING_DAY, 0) ?? start
  for (let counted = 0; counted < days; ) {
    due = addMilliseconds(due, DAY)
    if (isWorkingDay(due, holidays)) counted++
  }
  return due
}

/** Tells whether the city's offices are open on the day of `at`: Monday to Friday, less the holidays. */
export function isWorkingDay(at: Instant, holidays: Holidays): boolean {
  const date = localDate(at)
  const weekday = new Date(date).getUTCDay()
  return weekday !== 0 && weekday !== 6 && !holidays.has(date)
}

export const carrierDue = (orderedAt: Instant): Instant => addMilliseconds(orderedAt, 24 * HOUR)

/** Returns when a case that waits for its owner's answer ends: after 15 days. */
export const infoExpiry = (requestedAt: Instant): Instant => addMilliseconds(requestedAt, 15 * DAY)

const REMINDED_BEFORE = [5 * DAY, DAY]

/**
 * Tells whether a person is due a reminder of a question without an answer: ten days after it, and fourteen. A missed reminder is
 * not sent in addition to the next one.
 */
export const isReminderDue = (
  { dueAt, remindedAt }: { readonly dueAt: Instant; readonly remindedAt: Instant | null },
  now: Instant,
): boolean =>
  now < dueAt &&
  REMINDED_BEFORE.map((before) => addMilliseconds(dueAt, -before)).some(
    (from) => now >= from && (remindedAt === null || remindedAt < from),
  )

/** Returns until when an answer reopens a case that ended without one: within 30 days. */
export const reopenUntil = (closedAt: Instant): Instant => addMilliseconds(closedAt, 30 * DAY)

/**
 * Returns when a temporary block lifts itself: when its case's decision is due. It lasts 72 hours at least, even if the decision
 * is late, and ten days at most.
 */
export const holdExpiry = (confirmedAt: Instant, due: Instant): Instant =>
  new Date(
    Math.min(Math.max(due.getTime(), confirmedAt.getTime() + 72 * HOUR), confirmedAt.getTime() + 10 * DAY),
  )

const HOLDS_IN_ALL = 20 * DAY

/**
 * Returns when a renewed temporary block ends. Its second time is counted like the first, from the end of the first; both
 * together are twenty days at most.
 */
export const renewedHoldExpiry = (
  { holdUntil, holdSince }: { readonly holdUntil: Instant; readonly holdSince: Instant | null },
  due: Instant,
): Instant =>
  new Date(
    Math.min(
      holdExpiry(holdUntil, due).getTime(),
      holdSince === null ? Number.POSITIVE_INFINITY : holdSince.getTime() + HOLDS_IN_ALL,
    ),
  )

/**
 * Returns by when a second person has to confirm a temporary block: within 4 hours, day or night, because such a block
 * is for the first hours.
 */
export const holdAnswerDue = (askedAt: Instant): Instant => addMilliseconds(askedAt, HOLD_ANSWERED_WITHIN)

const HOLD_REQUEST_LAPSES = 24 * HOUR

/** Returns when an unconfirmed request for a temporary block lapses: 24 hours after it was made. */
export const holdRequestLapse = (answerDue: Instant): Instant =>
  addMilliseconds(answerDue, HOLD_REQUEST_LAPSES - HOLD_ANSWERED_WITHIN)

/** Returns the latest due time of the requests that have lapsed at `now`. */
export const holdRequestsDueBefore = (now: Instant): Instant =>
  addMilliseconds(now, HOLD_ANSWERED_WITHIN - HOLD_REQUEST_LAPSES)

/**
 * Returns when a withdrawal takes effect. It can be undone for 24 hours: a thief often holds the victim's mail
 * and SIM.
 */
export const withdrawalEffective = (requestedAt: Instant): Instant => addMilliseconds(requestedAt, 24 * HOUR)

/** Returns until when a rejection can be appealed: once, within 30 days. */
export const appealUntil = (rejectedAt: Instant): Instant => addMilliseconds(rejectedAt, 30 * DAY)

/**
 * Returns until when a reporter whose block was lifted for its holder can have it looked at again: once, within 30 days
 * of its end.
 */
export const reviewUntil = (closedAt: Instant): Instant => addMilliseconds(closedAt, 30 * DAY)

/** Returns when an unsent draft is deleted: after a number of days that is a setting, 7 by default. */
export const draftExpiry = (startedAt: Instant, days: number): Instant =>
  addMilliseconds(startedAt, days * DAY)

/** Returns until when the receipt opens again in the browser that sent the report: for 24 hours. */
export const receiptUntil = (submittedAt: Instant): Instant => addMilliseconds(submittedAt, 24 * HOUR)
