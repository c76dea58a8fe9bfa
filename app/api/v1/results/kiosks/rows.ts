import type { readPublicKioskWeeks } from '#features/results/data.ts'
import type { KioskRows } from '../schemas.ts'

export const KIOSK_COLUMNS = [
  ...['agency', 'week', 'questionnaire', 'question', 'option', 'count', 'respondents', 'as_of'],
] as const

/** Returns a row for each option that was chosen at an agency's kiosks, by week. */
export const kioskRows = (
  weeks: Awaited<ReturnType<typeof readPublicKioskWeeks>>,
  asOf: string,
): KioskRows['kiosks'] =>
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
