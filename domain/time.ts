/** A point in time. Stored as timestamptz, shown in {@link TIME_ZONE}. */
export type Instant = Date

/** Every date a person reads or types is in the city's own time. */
export const TIME_ZONE = 'Asia/Ho_Chi_Minh'

/** Vietnam has had no daylight saving since 1975: the offset is a constant. */
export const UTC_OFFSET_MINUTES = 7 * 60

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** `at` moved by `milliseconds`, as a new instant. */
export const plus = (at: Instant, milliseconds: number): Instant => new Date(at.getTime() + milliseconds)
