import { addMilliseconds, localDate } from '#lib/time.ts'
import { formatDate } from '#messages/dates.ts'
import type { Locale } from '#messages/routing.ts'
import type { Trial } from '../rules/asked-questions.ts'

/** Returns the values for the message that says who gets a trial, from which day to which. */
export const trialDates = ({ percent, from, until }: Trial, locale: Locale) => ({
  percent,
  from: formatDate(locale, localDate(from)),
  // It ends at a day's first moment, or within a day where it was decided early.
  until: formatDate(locale, localDate(addMilliseconds(until, -1))),
})
