import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, DAY, type Instant, localDate } from '#lib/time.ts'
import { parseDay } from '#lib/written-day.ts'

/** `after`: it is said to be of after the agency's end, where another has its tasks. */
export type ServiceDateFault = 'empty' | 'format' | 'impossible' | 'future' | 'too_old' | 'after'

/** The answers that say the day without writing a date; `other` is for a day that is written. */
export const SERVICE_DAYS = ['today', 'yesterday', 'after', 'other'] as const
export type ServiceDay = (typeof SERVICE_DAYS)[number]

/**
 * Returns the same day a year before a local date; 29 February becomes 1 March, which is later and so never too
 * lenient.
 */
const yearBefore = (date: string): string => {
  const day = new Date(date)
  day.setUTCFullYear(day.getUTCFullYear() - 1)
  return day.toISOString().slice(0, 10)
}

/** Returns the first and last day of service that can be rated, as local dates. */
export const serviceDates = (now: Instant): { readonly first: string; readonly last: string } => ({
  first: yearBefore(localDate(now)),
  last: localDate(now),
})

/** Returns yesterday in the city, as a local date. */
export const yesterday = (now: Instant): string => localDate(addMilliseconds(now, -DAY))

/** Reads the day of a service: today or up to a year back in the city's time. Answers `YYYY-MM-DD`. */
export function parseServiceDate(input: string, now: Instant): Result<string, ServiceDateFault> {
  const day = parseDay(input)
  if (!day.ok) return day
  const at = day.value
  const date = localDate(at)
  const { first, last } = serviceDates(now)
  // Years of more digits would compare wrong as text.
  if (at > now) return err('future')
  return date < first || date > last ? err('too_old') : ok(date)
}

/** Reads the day of a service from a form: a typed date is preferred to the choice beside it. */
export function readServiceDay(
  { when, date }: { readonly when: string; readonly date: string },
  now: Instant,
): Result<string, ServiceDateFault> {
  const written = parseServiceDate(date, now)
  if (written.ok || written.error !== 'empty') return written
  if (when === 'today') return ok(localDate(now))
  if (when === 'yesterday') return ok(yesterday(now))
  return err(when === 'after' ? 'after' : 'empty')
}
