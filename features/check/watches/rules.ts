import { DAY, HOUR } from '#lib/time.ts'

/** How long a change is waited for, in milliseconds. */
export const WATCH_TIME = 7 * DAY
/** How long a code may be waited for, and a message on its way, before all of it is deleted. */
export const ASKED_TIME = HOUR
export const TOLD_TIME = DAY

/** The phones of one contact that are watched at once. */
export const MOST_WATCHES = 5

/** Names a phone in a message by the ends of its numbers: a message names no whole IMEI. */
export const endsOf = (imeis: readonly string[]): string => imeis.map((imei) => imei.slice(-4)).join(', ')
