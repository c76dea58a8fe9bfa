import { err, ok, type Result } from '#lib/result.ts'
import { stripInvisible } from '#lib/text-normalization.ts'
import { addMilliseconds, fromLocal, type Instant, localDate, MINUTE } from '#lib/time.ts'

export const INCIDENT_TYPES = ['robbed', 'snatched', 'stolen', 'lost'] as const
export type IncidentType = (typeof INCIDENT_TYPES)[number]

export type IncidentAtFault = 'empty' | 'format' | 'impossible' | 'future' | 'too_old'

/** A phone's clock may run ahead of ours. */
const TOLERANCE = 5 * MINUTE

/**
 * After two years neither the carriers' records nor a shop's copy of the invoice can be counted on to verify a
 * claim, and a phone has usually been sold on in good faith; an older loss goes to the police in person.
 */
const OLDEST_YEARS = 2

/** The form that `datetime-local` sends, and seconds or a blank instead of T. Browsers let years grow to six digits. */
const ISO =
  /^(?<year>\d{4,6})-(?<month>\d\d)-(?<day>\d\d)[T ](?<hour>\d\d):(?<minute>\d\d)(?::\d\d(?:\.\d+)?)?$/
/** A day as people in Vietnam write it, with or without the year, and a time of day: `24/11 20h30`, `20 giờ ngày 24-11-2026`. */
const DAY = String.raw`(?:ngày\s+)?(?<day>\d\d?)[/.-](?<month>\d\d?)(?:[/.-](?<year>\d{4}))?`
const CLOCK = String.raw`(?:lúc\s+)?(?<hour>\d\d?)\s*(?:[:.]\s*(?=\d)|h|giờ)\s*(?<minute>\d\d)?`
const WRITTEN = [`${DAY}[ ,]+${CLOCK}`, `${CLOCK}[ ,]+${DAY}`].map((form) => new RegExp(`^${form}$`, 'iu'))

/**
 * Parses when the incident happened, in the city's time. `impossible` is a date or time that doesn't exist, like 31 February;
 * `future` is more than five minutes ahead of `now`; `too_old` more than two years before it.
 */
export function parseIncidentAt(input: string, now: Instant): Result<Instant, IncidentAtFault> {
  const text = stripInvisible(input).normalize('NFKC').trim()
  if (text === '') return err('empty')
  const parts = [ISO, ...WRITTEN]
    .map((form) => form.exec(text)?.groups)
    .find((groups) => groups !== undefined)
  if (parts === undefined) return err('format')

  const part = (name: string) => Number(parts[name] ?? 0)
  const inYear = (year: number) => fromLocal(year, part('month'), part('day'), part('hour'), part('minute'))
  const year = parts.year === undefined ? Number(localDate(now).slice(0, 4)) : part('year')
  const read = inYear(year)
  // A day without a year means its most recent date.
  const isAhead = parts.year === undefined && read !== null && read > addMilliseconds(now, TOLERANCE)
  const at = isAhead ? inYear(year - 1) : read
  if (at === null) return err('impossible')
  if (at > addMilliseconds(now, TOLERANCE)) return err('future')

  const oldest = new Date(now)
  oldest.setUTCFullYear(oldest.getUTCFullYear() - OLDEST_YEARS)
  return at < oldest ? err('too_old') : ok(at)
}
