import { firstDay, type Month } from '../rules/month.ts'

const english = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' })

/** Returns a month as the page's language writes it: 11/2026, Nov 2026. */
export const monthLabel = (locale: 'vi' | 'en', month: Month): string =>
  locale === 'vi' ? `${month.slice(5)}/${month.slice(0, 4)}` : english.format(firstDay(month))
