import '#server-only'
import { findAgenciesUpTo, readCatalogue } from '#features/agencies/data.ts'
import type { Period } from '#features/city-report/period-rules.ts'
import { breaksOf, cutsOf } from '#features/city-report/period-rules.ts'
import type { PublishedMonth } from '#features/city-report/report-rules.ts'
import { HEADLINE } from '#features/questionnaires/questions/rules.ts'
import { wholeTens } from '#features/ratings/comments/rules.ts'
import { readCases } from '#features/ratings/volumes/data.ts'
import { type Coverage, coverageOf } from '#features/ratings/volumes/rules.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { db } from '#platform/db.ts'
import { type Dispersion, dispersionIn, firstOfDispersion } from './dispersion-rules.ts'
import { type Figure, TOP_TWO } from './figure-rules.ts'
import type { Facet, PublicPart } from './parts/rules.ts'
import {
  type CityResults,
  cityResults,
  firstDay,
  type Month,
  monthOf,
  monthOfDay,
  monthsLater,
  ruleCuts,
  type SameNetworkMonth,
  sameNetworkBy,
} from './rules.ts'
import { add, addBy, type Counts, type Tally, total } from './tally-rules.ts'
import { type CityTrend, computeTrend, type MonthCounts, shownFrom, TREND_MONTHS } from './trend/rules.ts'

/** The public figures of one question at one agency. Held figures are not loaded, so that they cannot leak. */
export interface PublicCell extends Tally {
  readonly agencyId: string
  readonly version: number
  readonly question: string
}

/** Returns public cells: of one question at every agency, of every question at one agency, or all. */
export async function readPublicCells(
  of:
    | Record<string, never>
    | { readonly question: string; readonly versions?: readonly number[] }
    | { readonly agencyId: string },
): Promise<PublicCell[]> {
  const { versions, ...where } = { versions: undefined, ...of }
  const rows = await db.surveyCell.findMany({
    where: { ...where, ...(versions && { questionnaireVersion: { in: [...versions] } }) },
    select: {
      agencyId: true,
      questionnaireVersion: true,
      question: true,
      respondents: true,
      published: true,
    },
  })
  return rows.map(({ questionnaireVersion, published, ...rest }) => ({
    ...rest,
    version: questionnaireVersion,
    counts: published as Counts,
  }))
}

/** Returns the published parts of one agency's answers, or of every agency's. Held answers are not loaded. */
export async function readPublicParts(agencyId?: string): Promise<readonly PublicPart[]> {
  const rows = await db.surveyPart.findMany({
    where: { respondents: { gt: 0 }, ...(agencyId !== undefined && { agencyId }) },
    select: { agencyId: true, facet: true, value: true, published: true },
    orderBy: [{ agencyId: 'asc' }, { facet: 'asc' }, { value: 'asc' }],
  })
  const parts = new Map<string, PublicPart>()
  for (const { published, facet, ...row } of rows) {
    const key = `${row.agencyId} ${facet} ${row.value}`
    const counts = add(parts.get(key)?.counts ?? {}, published as Counts)
    parts.set(key, { ...row, facet: facet as Facet, counts })
  }
  return [...parts.values()]
}

export interface KioskWeek extends Tally {
  readonly agencyId: string
  readonly version: number
  readonly question: string
  /** The Monday of the week, a local date. */
  readonly week: string
}

/** Returns the published weeks of one agency's kiosks, or of all kiosks. Waiting answers are not loaded. */
export async function readPublicKioskWeeks(agencyId?: string): Promise<KioskWeek[]> {
  const rows = await db.kioskWeek.findMany({
    where: { removalId: null, ...(agencyId !== undefined && { agencyId }) },
    omit: { removalId: true },
    orderBy: [{ week: 'asc' }, { agencyId: 'asc' }, { questionnaireVersion: 'asc' }, { question: 'asc' }],
  })
  return rows.map(({ questionnaireVersion, week, counts, ...rest }) => ({
    ...rest,
    version: questionnaireVersion,
    week: week.toISOString().slice(0, 10),
    counts: counts as Counts,
  }))
}

export async function findFirstMonth(question: string): Promise<Month | null> {
  const first = await db.surveyMonth.findFirst({
    where: { question },
    orderBy: { month: 'asc' },
    select: { month: true },
  })
  return first && monthOfDay(first.month)
}

export interface AgencyMonth extends MonthCounts {
  readonly agencyId: string
}

const readMonths = async (where: Prisma.SurveyMonthWhereInput): Promise<AgencyMonth[]> => {
  const rows = await db.surveyMonth.findMany({ where, select: { agencyId: true, month: true, counts: true } })
  return rows.map(({ agencyId, month, counts }) => ({
    ...{ agencyId, month: monthOfDay(month), counts: counts as Counts },
  }))
}

export const readMonthsOfAgencies = (agencyIds: readonly string[], question: string, from: Month) =>
  readMonths({ agencyId: { in: [...agencyIds] }, question, month: { gte: firstDay(from) } })

/** Returns one question's counts over all agencies, by month, summed in the database. Without `versions`, over all versions. */
async function monthsOfCity(question: string, from: Month, versions?: readonly number[]) {
  const some = versions === undefined ? null : [...versions]
  const rows = await db.$queryRaw<{ month: Date; counts: Counts }[]>`
    SELECT month, jsonb_object_agg(code, people) AS counts FROM (
      SELECT month, code, sum(people::int)::int AS people
      FROM survey_months, jsonb_each_text(counts) AS option (code, people)
      WHERE question = ${question} AND month >= ${firstDay(from)}::date
        AND (${some}::int[] IS NULL OR questionnaire_version = ANY(${some}::int[]))
      GROUP BY month, code
    ) AS told GROUP BY month`
  return rows.map(({ month, counts }) => ({ month: monthOfDay(month), counts }))
}

const byAgency = (cells: readonly { readonly agencyId: string; readonly counts: Counts }[]) =>
  addBy(cells, ({ agencyId }) => agencyId)

/** Returns the answers kept out of the figures by the rule of one per network and day, by agency and month. */
export async function readSameNetwork(period?: Partial<Period>): Promise<SameNetworkMonth[]> {
  const rows = await db.sameNetwork.groupBy({
    by: ['agencyId', 'month'],
    where: {
      month: {
        ...(period?.from && { gte: firstDay(period.from) }),
        ...(period?.to && { lte: firstDay(period.to) }),
      },
    },
    _sum: { answers: true },
  })
  return rows.flatMap(({ agencyId, month, _sum }) => {
    const answers = wholeTens(_sum.answers ?? 0)
    return answers === 0 ? [] : [{ agencyId, month: monthOfDay(month), answers }]
  })
}

/** Returns the local date since which only one answer per network and day counts; null where the rule applied from the start. */
export async function findRuleChange(): Promise<string | null> {
  const row = await db.ruleChange.findUnique({ where: { rule: 'one_network' } })
  return row?.since.toISOString().slice(0, 10) ?? null
}

/** A trend's baseline is its first months, however long ago they were. */
export const FIRST_MONTH = '2000-01' as Month

export const trendFrom = (now: Instant): Month => monthsLater(monthOf(now), 1 - TREND_MONTHS)

export async function readDispersion(now: Instant): Promise<Dispersion> {
  const month = { gte: firstDay(firstOfDispersion(monthOf(now))) }
  return dispersionIn(monthOf(now), await readMonths({ question: HEADLINE, month }))
}

export async function readCoverage(): Promise<Map<string, Coverage>> {
  const cases = Map.groupBy(await readCases(), ({ agencyId }) => agencyId)
  if (cases.size === 0) return new Map()
  const months = Map.groupBy(
    await readMonthsOfAgencies([...cases.keys()], HEADLINE, FIRST_MONTH),
    ({ agencyId }) => agencyId,
  )
  const byMonth = <T extends { readonly month: Month }>(rows: readonly T[], of: (row: T) => number) => {
    const sums = new Map<Month, number>()
    for (const row of rows) sums.set(row.month, (sums.get(row.month) ?? 0) + of(row))
    return sums
  }
  return new Map(
    [...cases].flatMap(([id, some]) => {
      const answers = byMonth(months.get(id) ?? [], ({ counts }) => total(counts))
      const coverage = coverageOf(
        byMonth(some, (row) => row.cases),
        answers,
      )
      return coverage === null ? [] : [[id, coverage] as const]
    }),
  )
}

/** Returns the public figures of the city, its two groups and every agency. Reads one row per agency. */
export async function readResults(now: Instant): Promise<CityResults> {
  const [known, cells, beside, dispersion, coverage] = await Promise.all([
    findAgenciesUpTo(localDate(now)),
    readPublicCells({ question: HEADLINE }),
    readSameNetwork(),
    readDispersion(now),
    readCoverage(),
  ])
  const sameNetwork = sameNetworkBy(beside)
  return cityResults(known, localDate(now), byAgency(cells), { sameNetwork, dispersion, coverage })
}

/** Returns a question's figure over all agencies, by month, with limits of their own where every agency was replaced. */
export async function readQuestionTrend(
  question: string,
  now: Instant,
  versions?: readonly number[],
  figure: Figure = TOP_TWO,
): Promise<CityTrend> {
  const from = trendFrom(now)
  const [months, known, since, dispersion] = await Promise.all([
    monthsOfCity(question, FIRST_MONTH, versions),
    readCatalogue(),
    findRuleChange(),
    readDispersion(now),
  ])
  const all = new Set(known.versions.map(({ id }) => id))
  const breaks = breaksOf(known, all, { first: `${FIRST_MONTH}-01`, last: localDate(now) }).filter(
    // A renamed agency is still the same office.
    ({ kind }) => kind !== 'rename',
  )
  const cuts = [...cutsOf(known, all, breaks), ...ruleCuts(since)]
  return {
    own: shownFrom(computeTrend(months, cuts, figure, dispersion.factor), from),
    breaks: [...new Set(breaks.map(({ on }) => on))].filter((on) => on >= `${from}-01`),
    rule: since !== null && since >= `${from}-01` ? since : null,
  }
}

export const readCityTrend = (now: Instant): Promise<CityTrend> => readQuestionTrend(HEADLINE, now)

export const listPublicMonths = async (now: Instant): Promise<Month[]> =>
  (await monthsOfCity(HEADLINE, trendFrom(now))).map(({ month }) => month).toSorted()

/** Returns one month's tables, or null. They have no bands: comparing each month would find differences by chance. */
export async function readMonthResults(month: Month, now: Instant): Promise<CityResults | null> {
  const [known, months, beside, dispersion] = await Promise.all([
    findAgenciesUpTo(localDate(now)),
    readMonths({ question: HEADLINE, month: firstDay(month) }),
    readSameNetwork({ from: month, to: month }),
    readDispersion(now),
  ])
  if (months.length === 0) return null
  const tables = cityResults(known, localDate(now), byAgency(months), {
    sameNetwork: sameNetworkBy(beside),
    dispersion,
  })
  const alone = (some: CityResults['agencies']) => some.map((one) => ({ ...one, band: null, visible: null }))
  return { ...tables, agencies: alone(tables.agencies), former: alone(tables.former) }
}

export async function readPublishedMonths(period: Period): Promise<PublishedMonth[]> {
  const rows = await db.surveyMonth.findMany({
    where: { month: { gte: firstDay(period.from), lte: firstDay(period.to) } },
  })
  return rows.map(({ agencyId, questionnaireVersion, question, month, respondents, counts }) => ({
    agencyId,
    version: questionnaireVersion,
    question,
    month: monthOfDay(month),
    respondents,
    counts: counts as Counts,
  }))
}
