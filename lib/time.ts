/** A point in time. Stored as timestamptz, shown in {@link TIME_ZONE}. */
export type Instant = Date

/** Every date a person reads or types is in the city's own time: the country has one zone. */
export const TIME_ZONE = 'Asia/Ho_Chi_Minh'

/** Vietnam has had no daylight saving since 1975: the offset is a constant. */
export const UTC_OFFSET_MINUTES = 7 * 60
/** The same as the end of a date and time: `2026-11-24T06:30:00+07:00`. */
export const UTC_OFFSET = '+07:00'

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

export const addMilliseconds = (at: Instant, milliseconds: number): Instant =>
  new Date(at.getTime() + milliseconds)

/** Returns the calendar day of `at` in the city, as `YYYY-MM-DD`. */
export const localDate = (at: Instant): string =>
  addMilliseconds(at, UTC_OFFSET_MINUTES * MINUTE)
    .toISOString()
    .slice(0, 10)

/**
 * Returns the instant of a date and time of day read off a clock in the city.
 * `null` when there is no such date or time, like 31 February or 24:30. `month` is 1–12.
 */
export function fromLocal(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
): Instant | null {
  const utc = new Date(0)
  utc.setUTCFullYear(year, month - 1, day)
  utc.setUTCHours(hour, minute)
  const exists =
    utc.getUTCFullYear() === year &&
    utc.getUTCMonth() === month - 1 &&
    utc.getUTCDate() === day &&
    utc.getUTCHours() === hour &&
    utc.getUTCMinutes() === minute
  return exists ? addMilliseconds(utc, -UTC_OFFSET_MINUTES * MINUTE) : null
}

/** Returns the midnight in the city that ends the day of `at`. */
export const endOfLocalDay = (at: Instant): Instant =>
  addMilliseconds(new Date(`${localDate(at)}T00:00:00Z`), DAY - UTC_OFFSET_MINUTES * MINUTE)
