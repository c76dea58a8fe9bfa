import { type Instant, TIME_ZONE } from '#domain/time.ts'
import type { Locale } from './routing.ts'

const language: Record<Locale, string> = { vi: 'vi-VN', en: 'en-GB' }

const day: Record<Locale, Intl.DateTimeFormatOptions> = {
  vi: { day: '2-digit', month: '2-digit', year: 'numeric' },
  en: { dateStyle: 'medium' },
}

export type DateForm = 'date' | 'time' | 'moment' | 'stamp'

/**
 * A point in time in the city's own zone: `date` 24/11/2026, `time` 10:40, `moment` Thứ Ba 24/11/2026, 10:40; in the
 * tables of the staff `stamp`, the same without the day of the week.
 */
export function formatInstant(locale: Locale, at: Instant, form: DateForm): string {
  const print = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language[locale], { ...options, timeZone: TIME_ZONE }).format(at)
  const date = () => print(day[locale])
  const time = () => print({ timeStyle: 'short' })
  if (form === 'date') return date()
  if (form === 'time') return time()
  const stamp = `${date()}, ${time()}`
  return form === 'stamp' ? stamp : `${print({ weekday: 'long' })} ${stamp}`
}

/** A local date, `YYYY-MM-DD`, as the page's language writes it. */
export const formatDate = (locale: Locale, date: string): string =>
  formatInstant(locale, new Date(`${date}T00:00:00+07:00`), 'date')

/** A month that is kept as its first day: `tháng 11 năm 2026`, `November 2026`. */
export const formatMonth = (locale: Locale, firstDay: Date): string =>
  new Intl.DateTimeFormat(language[locale], { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    firstDay,
  )
