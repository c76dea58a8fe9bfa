import { DAY, HOUR } from '#lib/time.ts'

export const WATCH_TIME = 7 * DAY
/** How long a watch waits for its code, and how long its message may take to leave, before everything is deleted. */
export const ASKED_TIME = HOUR
export const TOLD_TIME = DAY

export const MOST_WATCHES = 5
