import { type Instant, localDate } from '#lib/time.ts'

/** A month of the city's calendar, `YYYY-MM`. */
export type Month = string & { readonly __brand: 'Month' }

export const monthOf = (at: Instant): Month => localDate(at).slice(0, 7) as Month

/** The form in which a month is written. */
export const MONTH = /^[1-9]\d{3}-(0[1-9]|1[0-2])$/

/** Reads `YYYY-MM`; null for any other text. */
export const parseMonth = (text: string): Month | null => (MONTH.test(text) ? (text as Month) : null)

/** Returns the month as the database keeps it: the date of its first day. */
export const firstDay = (month: Month): Date => new Date(`${month}-01`)

/** Returns the month that the database keeps as this day. */
export const monthOfDay = (day: Date): Month => day.toISOString().slice(0, 7) as Month

/** Returns how much of its month has passed when a local date begins. */
export function fractionPassed(date: string): number {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number]
  return (day - 1) / new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** Returns the month that is some months later, or earlier. */
export function monthsLater(month: Month, months: number): Month {
  const day = firstDay(month)
  day.setUTCMonth(day.getUTCMonth() + months)
  return monthOfDay(day)
}
