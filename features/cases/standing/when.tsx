import { getLocale, getTranslations } from 'next-intl/server'
import { addMilliseconds, DAY, type Instant, localDate } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'

function dayOf(at: Instant, now: Instant): 'yesterday' | 'today' | 'tomorrow' | 'other' {
  const date = localDate(at)
  if (date === localDate(now)) return 'today'
  if (date === localDate(addMilliseconds(now, DAY))) return 'tomorrow'
  return date === localDate(addMilliseconds(now, -DAY)) ? 'yesterday' : 'other'
}

/**
 * Returns a function that writes a time as people do: "14:22 hôm nay", "10:40 ngày mai"; otherwise, and on paper, with its date.
 */
export async function sayWhen(now: Instant | 'paper'): Promise<(at: Instant) => string> {
  const [t, locale] = await Promise.all([getTranslations('case.when'), getLocale()])
  return (at) =>
    t(now === 'paper' ? 'other' : dayOf(at, now), {
      time: formatInstant(locale, at, 'time'),
      date: formatInstant(locale, at, 'date'),
    })
}
