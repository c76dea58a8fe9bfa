import { CITY } from '#cities/city.ts'
import { DAY } from '#lib/time.ts'

/** The number of days ahead for which the holidays must be known: the longest clock in working days, plus Tết. */
export const KNOWN_DAYS_AHEAD = 120

/**
 * Returns for how many days from today the holidays are known: up to the first one that is only assumed, or to the end of the
 * last year that has its Tết, with no year missing before it.
 *
 * @param today `YYYY-MM-DD`, in the city
 */
export function daysKnownAhead(
  rows: readonly { readonly date: string; readonly name: string; readonly basis: string }[],
  today: string,
): number {
  let year = Number(today.slice(0, 4))
  while (rows.some(({ date, name }) => name === 'tet' && date.startsWith(`${year}-`))) year++
  const assumed = rows
    .filter(({ date, basis }) => basis === 'assumed' && date >= today)
    .map(({ date }) => date)
  const [first = today] = [`${year}-01-01`, ...assumed].toSorted()
  return Math.max(0, Math.round((Date.parse(first) - Date.parse(today)) / DAY))
}

export type Holiday = (typeof CITY.holidays)[number]

/**
 * The days from Monday to Friday on which offices are closed, and holidays on weekends for completeness (`holidays.json`). They
 * seed the table in the database, where an administrator corrects them (docs/operations/reference-data.md, Holidays).
 */
export const HOLIDAYS = CITY.holidays
