import { nameOf, type Period } from '#features/city-report/rules/report-period.ts'
import { monthLabel } from './month-label.ts'

type Say = (key: never, values: never) => string

/** Returns what people call a period: `quý III năm 2026`. `t` is of the namespace `survey-report-paper`. */
export function periodWords(t: Say, locale: 'vi' | 'en', period: Period): string {
  const name = nameOf(period)
  const words = 'part' in name && name.kind !== 'year' ? `${name.kind}${name.part}` : name.kind
  const year = 'year' in name ? { year: String(name.year) } : {}
  const months = { from: monthLabel(locale, period.from), to: monthLabel(locale, period.to) }
  return t(`period.${words}` as never, { ...months, ...year } as never)
}

/** Returns a text with a capital letter, for the beginning of a line. */
export const lineStart = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Returns what people call a period, as a title. */
export const periodTitle = (t: Say, locale: 'vi' | 'en', period: Period): string =>
  lineStart(periodWords(t, locale, period))
