import type { AgencyResults } from '#features/results/agency-data.ts'
import { csvLine } from '#lib/csv.ts'
import type { KioskRows } from '../schemas.ts'

export const KIOSK_COLUMNS = [
  ...['agency', 'week', 'questionnaire', 'question', 'option', 'count', 'respondents', 'as_of'],
] as const

type Weeks = NonNullable<AgencyResults['kiosks']>['weeks']

/** Returns a row for each option that somebody chose at the kiosks of an agency, by week. */
export const kioskRows = (weeks: Weeks, asOf: string): KioskRows['kiosks'] =>
  weeks.flatMap(({ agencyId, week, version, question, counts, respondents }) =>
    Object.entries(counts)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([option, count]) => ({
        agency: agencyId,
        week,
        questionnaire: version,
        question,
        option,
        count,
        respondents,
        as_of: asOf,
      })),
  )

export const kioskCsv = (weeks: Weeks, asOf: string): string =>
  [[...KIOSK_COLUMNS], ...kioskRows(weeks, asOf).map((row) => Object.values(row))].map(csvLine).join('')
