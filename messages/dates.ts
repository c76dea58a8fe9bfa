import { type Instant, TIME_ZONE, UTC_OFFSET } from '#lib/time.ts'
import type { Locale } from './routing.ts'

/** Creates a language's formats, once: creating one takes longer than formatting fifty dates with it. */
const formatsOf = (language: string, date: Intl.DateTimeFormatOptions) => {
  const inCity = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, { ...options, timeZone: TIME_ZONE })
  return {
    date: inCity(date),
    // The runtime's Vietnamese format has a hyphen here, but a slash in the full date.
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
 * Formats a point in time in the city's time zone: `date` 24/11/2026, `day` 24/11, `time` 10:40, `moment` Thứ Ba 24/11/2026,
 * 10:40; `stamp`, for the staff's tables, is `moment` without the weekday.
 */
export function formatInstant(locale: Locale, at: Instant, form: DateForm): string {
  const { date, day, time, weekday } = formats[locale]
  if (form === 'date') return date.format(at)
  if (form === 'day') return day.format(at)
  if (form === 'time') return time.format(at)
  const stamp = `${date.format(at)}, ${time.format(at)}`
  return form === 'stamp' ? stamp : `${weekday.format(at)} ${stamp}`
}

/** Formats a local date, given as `YYYY-MM-DD`. */
export const formatDate = (locale: Locale, date: string): string =>
  formatInstant(locale, new Date(`${date}T00:00:00${UTC_OFFSET}`), 'date')

/** Formats a month, given as its first day: `tháng 11 năm 2026`, `November 2026`. */
export const formatMonth = (locale: Locale, firstDay: Date): string => formats[locale].month.format(firstDay)
