import { type Month, monthsLater } from '#features/results/rules/month.ts'
import { addMilliseconds, DAY, fromLocal, type Instant } from '#lib/time.ts'

/** A report counts as blocked when every carrier has done so within this time: long enough for what police must ask. */
export const BLOCKED_WITHIN_DAYS = 14

/** Returns the first instant of a month in the city. */
export function beginOf(month: Month): Instant {
  const begin = fromLocal(Number(month.slice(0, 4)), Number(month.slice(5)), 1, 0, 0)
  if (begin === null) throw new RangeError(`no month: ${month}`)
  return begin
}

/** Returns when a month is published, once: from then on nothing that is counted in it can change any more. */
export const publishableFrom = (month: Month): Instant =>
  addMilliseconds(beginOf(monthsLater(month, 1)), BLOCKED_WITHIN_DAYS * DAY)
