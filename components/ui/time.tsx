import { getLocale } from 'next-intl/server'
import type { Instant } from '#lib/time.ts'
import { type DateForm, formatInstant } from '#messages/dates.ts'

/** Renders a point in time in the page's language and the city's time zone; the markup has the exact instant. */
export async function Time({ at, form = 'moment' }: { readonly at: Instant; readonly form?: DateForm }) {
  const locale = await getLocale()
  return (
    <time
      dateTime={at.toISOString()}
      className={form === 'stamp' ? 'font-tabular md:whitespace-nowrap' : undefined}
    >
      {formatInstant(locale, at, form)}
    </time>
  )
}
