import { type Instant, TIME_ZONE, UTC_OFFSET } from '#lib/time.ts'
import type { Locale } from './routing.ts'

/** Makes a language's formats, once: to make one takes longer than to write fifty dates with it. */
const formatsOf = (language: string, date: Intl.DateTimeFormatOptions) => {
  const inCity = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, { ...options, timeZone: TIME_ZONE })
  return {
    date: inCity(date),
    // The Vietnamese one of the runtime has a hyphen where its whole date has a slash.
    day:
      language === 'vi-VN'
        ? new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: '2-digit', timeZone: TIME_ZONE })
        : inCity({ day: 'numeric', month: 'short' }),
    time: inCity({ timeStyle: 'short' }),
    weekday: inCity({ weekday: 'long' }),
    month: new Intl.DateTimeFormat(language, { month: 'long', year: 'numeric', timeZone: 'UTC' }),
  }
}

const formats: Readonly<Record<Locale, ReturnType<typeof formatsOf>>> = {
  vi: formatsOf('vi-VN', { day: '2-digit', month: '2-digit', year: 'numeric' }),
  en: formatsOf('en-GB', { dateStyle: 'medium' }),
}

export type DateForm = 'date' | 'day' | 'time' | 'moment' | 'stamp'

/**
 * Returns a point in time in the city's own zone: `date` 24/11/2026, `day` 24/11, `time` 10:40, `moment` Thứ Ba 24/11/2026, 10:40;
 * in the tables of the staff `stamp`, the same without the day of the week.
 */
export function formatInstant(locale: Locale, at: Instant, form: DateForm): string {
  const { date, day, time, weekday } = formats[locale]
  if (form === 'date') return date.format(at)
  if (form === 'day') return day.format(at)
  if (form === 'time') return time.format(at)
  const stamp = `${date.format(at)}, ${time.format(at)}`
  return form === 'stamp' ? stamp : `${weekday.format(at)} ${stamp}`
}

/** Returns a local date, `YYYY-MM-DD`, as the page's language writes it. */
export const formatDate = (locale: Locale, date: string): string =>
  formatInstant(locale, new Date(`${date}T00:00:00${UTC_OFFSET}`), 'date')

/** Returns a month that is kept as its first day: `tháng 11 năm 2026`, `November 2026`. */
export const formatMonth = (locale: Locale, firstDay: Date): string => formats[locale].month.format(firstDay)
