import { CITY } from '#cities/city.ts'
import { DAY } from '#lib/time.ts'

/** So many days ahead the holidays have to be known: the longest clock that counts working days, and Tết beside it. */
export const KNOWN_DAYS_AHEAD = 120

/**
 * Returns how many days from today on the holidays are known of: up to the first that is only assumed, or to the end of the
 * last year, with no year left out, that has its Tết.
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
 * The days on which offices are closed from Monday to Friday, and holidays on weekends for completeness (`holidays.json`). They
 * seed the table in the database, where an administrator corrects them (docs/operations/reference-data.md, Holidays).
 */
export const HOLIDAYS = CITY.holidays
