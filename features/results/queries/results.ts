import '#server-only'
import { agenciesUpTo } from '#features/agencies/repository/agencies.ts'
import { catalogue } from '#features/agencies/repository/catalogue.ts'
import { breaksOf, cutsOf } from '#features/city-report/rules/report-breaks.ts'
import { HEADLINE } from '#features/questionnaires/rules/questionnaire.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { publicCells } from '../repository/figures.ts'
import { agenciesInMonth, monthsOfCity } from '../repository/months.ts'
import { add, type Counts } from '../rules/distribution.ts'
import { type Month, monthOf, monthsLater } from '../rules/month.ts'
import { type CityResults, cityResults } from '../rules/results.ts'
import { type CityTrend, TREND_MONTHS, trend } from '../rules/trend.ts'

/** Counts by agency, over every version of the questionnaire. */
function byAgency(
  cells: readonly { readonly agencyId: string; readonly counts: Counts }[],
): Map<string, Counts> {
  const counts = new Map<string, Counts>()
  for (const cell of cells) counts.set(cell.agencyId, add(counts.get(cell.agencyId) ?? {}, cell.counts))
  return counts
}

/** Returns the first month that a trend shows. */
export const trendFrom = (now: Instant): Month => monthsLater(monthOf(now), 1 - TREND_MONTHS)

/** Returns the public figures of the city, its two groups and every agency: one row an agency, however many answers. */
export async function results(now: Instant): Promise<CityResults> {
  const [known, cells] = await Promise.all([
    agenciesUpTo(localDate(now)),
    publicCells({ question: HEADLINE }),
  ])
  return cityResults(known, localDate(now), byAgency(cells))
}

/**
 * Returns the share satisfied in one question over all agencies, month by month. Where every agency became another,
 * each side has limits of its own. Without `versions` it covers all of them.
 */
export async function questionTrend(
  question: string,
  now: Instant,
  versions?: readonly number[],
): Promise<CityTrend> {
  const from = trendFrom(now)
  const [months, known] = await Promise.all([monthsOfCity(question, from, versions), catalogue()])
  const all = new Set(known.versions.map(({ id }) => id))
  const breaks = breaksOf(known, all, { first: `${from}-01`, last: localDate(now) }).filter(
    // Another name is no other office.
    ({ kind }) => kind !== 'rename',
  )
  return { own: trend(months, cutsOf(known, all, breaks)), breaks: [...new Set(breaks.map(({ on }) => on))] }
}

/** Returns the city's share satisfied, month by month. */
export const cityTrend = (now: Instant): Promise<CityTrend> => questionTrend(HEADLINE, now)

/** Returns the months of the trend in which headline answers became public, in order. */
export const publicMonths = async (now: Instant): Promise<Month[]> =>
  (await monthsOfCity(HEADLINE, trendFrom(now))).map(({ month }) => month).toSorted()

/**
 * Returns the same tables as {@link results} of what became public in one month; null where nothing did. Without bands:
 * agencies are compared once, over all there is, and not again for each month until one of them differs.
 */
export async function monthResults(month: Month, now: Instant): Promise<CityResults | null> {
  const [known, months] = await Promise.all([agenciesUpTo(localDate(now)), agenciesInMonth(HEADLINE, month)])
  if (months.length === 0) return null
  const tables = cityResults(known, localDate(now), byAgency(months))
  const alone = (some: CityResults['agencies']) => some.map((one) => ({ ...one, band: null }))
  return { ...tables, agencies: alone(tables.agencies), former: alone(tables.former) }
}
