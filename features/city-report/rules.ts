import { z } from 'zod'
import { AGENCY_GROUPS, type Agency, groupOf, type KnownAgency, sinceOf } from '#features/agencies/rules.ts'
import { HEADLINE, kindOf } from '#features/questionnaires/questions/rules.ts'
import {
  type AskedQuestion,
  askedQuestions,
  type DatedQuestionnaire,
  endOfDay,
  trialsBy,
} from '#features/questionnaires/versions/rules.ts'
import { countMissing } from '#features/ratings/publication/rules.ts'
import { INDEPENDENT } from '#features/results/dispersion-rules.ts'
import { TOP_TWO } from '#features/results/figure-rules.ts'
import {
  type AgencyFigures,
  cityResults,
  type Figures,
  figures,
  type Month,
  monthsLater,
  ruleCuts,
  sameNetworkBy,
  type Totals,
} from '#features/results/rules.ts'
import {
  addBy,
  addTally,
  type Counts,
  NO_TALLY,
  type Share,
  type Tally,
} from '#features/results/tally-rules.ts'
import { addUpMonths, computeTrend } from '#features/results/trend/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { toTenThousandths } from '#lib/ten-thousandths.ts'
import { addMilliseconds, type Instant, localDate } from '#lib/time.ts'
import { comparedPeriods, frontOf } from './front-rules.ts'
import {
  addedUp,
  breaksOf,
  type Chain,
  chainsOf,
  cutsOf,
  heirOf,
  inside,
  mergeChains,
  type Period,
} from './period-rules.ts'
import { reasonsOf } from './problems-rules.ts'
import {
  type CityReport,
  type PublishedMonth,
  type PublishedWeek,
  type ReportAgency,
  type ReportFigures,
  type ReportQuestion,
  type ReportScope,
  type ReportShare,
  type ReportSource,
  type Shares,
  voicesOf,
} from './report-rules.ts'

/** Returns the first month of a trend, which covers at least a year: one month alone is no trend. */
const trendStart = ({ from, to }: Period): Month => [from, monthsLater(to, -11)].toSorted()[0] ?? from

/** Returns the first month that a report reads: of its trend, or of the months that it is compared with. */
export const readFrom = (period: Period, through: string): Month =>
  [trendStart(period), comparedPeriods(period, through).before.from].toSorted()[0] ?? period.from

export const isCoveredBy =
  (scope: ReportScope, agencyIds: readonly string[]) =>
  ({ id, kind }: Pick<Agency, 'id' | 'kind'>): boolean =>
    scope === 'all' || (scope === 'chosen' ? agencyIds.includes(id) : groupOf(kind) === scope)

const sharesOf = (share: Share | null): Shares => ({
  satisfied: share?.value ?? null,
  low: share?.low ?? null,
  high: share?.high ?? null,
})

type Rounded<T> = { readonly [K in keyof T]: number | null }
const roundedOf = <T extends Readonly<Record<keyof T, number | null>>>(exact: T): Rounded<T> =>
  Object.fromEntries(
    Object.entries<number | null>(exact).map(([name, share]) => [
      name,
      share === null ? null : toTenThousandths(share),
    ]),
  ) as Rounded<T>

const shareOf = (share: Share | null): ReportShare => {
  const exact = sharesOf(share)
  return { ...roundedOf(exact), exact }
}

const unrounded = <T extends { readonly exact?: object }>(one: T): T => ({ ...one, ...one.exact })

/** Returns the report with unrounded shares for drawing, so that a printed figure is rounded only once. */
export const withExactShares = (report: CityReport): CityReport => ({
  ...report,
  total: unrounded(report.total),
  groups: report.groups.map(unrounded),
  agencies: report.agencies.map(unrounded),
  questions: report.questions.map(unrounded),
  trend: report.trend.map(unrounded),
  ...(report.kiosks && { kiosks: report.kiosks.map(unrounded) }),
})

const figuresOf = ({ responses, share, standing }: Figures): ReportFigures => ({
  responses,
  standing,
  ...shareOf(share),
})

const totalsOf = ({ sameNetwork, ...figures }: Totals): ReportFigures => ({
  ...figuresOf(figures),
  sameNetwork,
})

export function cityReport(source: ReportSource): CityReport {
  const { office, period, through, scope } = source
  const chains = chainsOf(source.catalogue, through)
  const heir = heirOf(chains)
  const known = mergeChains(source.known, heir)
  const agencyIds = source.agencyIds.map(heir)
  const chosen = known.filter(isCoveredBy(scope, agencyIds))
  const ids = new Set(chosen.map(({ id }) => id))
  const everyId = new Set(source.known.flatMap(({ id }) => (ids.has(heir(id)) ? [id] : [])))
  const months = source.months.map((one) => ({ ...one, agencyId: heir(one.agencyId) }))
  const inPeriod = months.filter(inside(period))
  const headline = addBy(
    inPeriod.filter(({ question }) => question === HEADLINE),
    ({ agencyId }) => agencyId,
  )
  const beside = sameNetworkBy(
    (source.sameNetwork ?? [])
      .filter(inside(period))
      .map((one) => ({ ...one, agencyId: heir(one.agencyId) })),
  )
  const dispersion = source.counting?.dispersion ?? INDEPENDENT
  const { factor } = dispersion
  const counted = { sameNetwork: beside, dispersion, coverage: source.coverage ?? new Map() }
  const everybody = cityResults(known, through, headline, counted)
  const those = cityResults(chosen, through, headline, counted)
  const lives = livesOf(source, known, chains)
  const isChosen = ({ agency }: AgencyFigures) => ids.has(agency.id)
  const breaks = breaksOf(source.catalogue, everyId, { first: `${trendStart(period)}-01`, last: through })
  const at = endOfDay(through)
  const asked = askedQuestions(source.questionnaires, at)
  const questions = questionsOf(
    asked,
    chosen,
    inPeriod.filter(({ agencyId }) => ids.has(agencyId)),
    factor,
  )
  const atKiosks = kiosksOf(source.kiosks ?? [], chosen, heir, factor)
  const present = AGENCY_GROUPS.filter((group) => chosen.some(({ kind }) => groupOf(kind) === group))
  return {
    format: 'an-tam-city-report/1',
    office,
    period: { ...period, through },
    scope,
    total: totalsOf(those.city),
    ...(those.weighted && { weighted: those.weighted }),
    groups: present.map((group) => ({ group, ...totalsOf(those.groups[group]) })),
    agencies: [
      ...everybody.agencies.filter(isChosen).map((one) => agencyOf(one, false, lives)),
      ...everybody.former.filter(isChosen).map((one) => agencyOf(one, true, lives)),
    ],
    questions,
    trials: trialsOf(source.questionnaires, questions, at),
    trend: trendOf(
      months.filter(({ agencyId, month }) => ids.has(agencyId) && month >= trendStart(period)),
      [...cutsOf(source.catalogue, everyId, breaks), ...ruleCuts(source.counting?.since ?? null)],
      factor,
    ),
    ...(source.counting && { counting: source.counting }),
    ...(atKiosks.length > 0 && { kiosks: atKiosks }),
    breaks,
    front: frontOf({
      ...{ period, through, catalogue: source.catalogue, heir, months, asked, questions, dispersion },
      since: source.counting?.since ?? null,
      agencyIds: chosen.map(({ id }) => id),
      trendFrom: trendStart(period),
    }),
    ...(scope !== 'chosen' &&
      source.answeredWith && {
        reasons: reasonsOf(source.answeredWith, asked).filter(({ group }) => present.includes(group)),
      }),
    comments: {
      agencies: addedUp(source.comments.agencies, 'comments', heir)
        .filter(({ id }) => ids.has(id))
        .map(({ id, count }) => ({ id, comments: count })),
      themes: source.comments.themes.filter(({ group }) => present.includes(group)),
    },
    voices: voicesOf(source.voices, ids, heir),
    suggestions: source.suggestions,
    exclusions: source.exclusions,
    ...(source.glossary && { glossary: source.glossary }),
    ...(source.recommendations && { recommendations: source.recommendations }),
  }
}

function kiosksOf(
  weeks: readonly PublishedWeek[],
  chosen: readonly KnownAgency[],
  heir: (id: string) => string,
  dispersion: number,
): NonNullable<CityReport['kiosks']> {
  const sums = addBy(weeks, ({ agencyId }) => heir(agencyId))
  return chosen.flatMap(({ id, nameVi, nameEn }) => {
    const counts = sums.get(id)
    return counts === undefined
      ? []
      : [{ id, vi: nameVi, en: nameEn, ...figuresOf(figures(counts, dispersion)) }]
  })
}

type Life = Pick<ReportAgency, 'endedOn' | 'startedOn' | 'chained'>

/** Returns the history of each agency, by id: its end, its beginning within the period, and the agencies it continues. */
function livesOf(
  { period, through, known: every, months }: ReportSource,
  known: readonly KnownAgency[],
  chains: readonly Chain[],
): ReadonlyMap<string, Life> {
  const heir = heirOf(chains)
  const told = new Set(months.filter(inside(period)).map(({ agencyId }) => agencyId))
  const nameOf = (id: string) => every.find((one) => one.id === id)
  return new Map(
    known.map((agency) => {
      const { id, validTo } = agency
      const before = chains
        .filter(({ from }) => told.has(from) && heir(from) === id)
        .map(({ from, on }) => ({
          ...{ id: from, vi: nameOf(from)?.nameVi ?? from, en: nameOf(from)?.nameEn ?? from, on },
        }))
      return [
        id,
        {
          ...(validTo !== null && validTo <= through && { endedOn: validTo }),
          ...(sinceOf(agency) > `${period.from}-01` && { startedOn: sinceOf(agency) }),
          ...(before.length > 0 && { chained: before }),
        },
      ]
    }),
  )
}

const agencyOf = (
  { agency, band, coverage, ...figures }: AgencyFigures,
  former: boolean,
  lives: ReadonlyMap<string, Life>,
): ReportAgency => ({
  id: agency.id,
  vi: agency.nameVi,
  en: agency.nameEn,
  kind: agency.kind,
  group: groupOf(agency.kind),
  band,
  missing: countMissing(figures.responses),
  ...(coverage && { coverage }),
  former,
  ...lives.get(agency.id),
  ...totalsOf(figures),
})

/** Returns the figures of each question that was asked in the period or is in the version in use. */
function questionsOf(
  asked: readonly AskedQuestion[],
  agencies: readonly Agency[],
  months: readonly PublishedMonth[],
  dispersion: number,
): ReportQuestion[] {
  const [tallies, told] = [new Map<string, Tally>(), new Set<number>()]
  for (const { version, question, agencyId, respondents, counts } of months) {
    const key = `${version} ${question} ${agencyId}`
    tallies.set(key, addTally(tallies.get(key) ?? NO_TALLY, { respondents, counts }))
    told.add(version)
  }
  return asked
    .filter(({ use, versions }) =>
      use === 'current' ? told.size > 0 : versions.some((one) => told.has(one)),
    )
    .map((one) => {
      const found = agencies.flatMap(({ id }) => {
        const some = one.versions.flatMap((version) => {
          const tally = tallies.get(`${version} ${one.question.key} ${id}`)
          return tally === undefined ? [] : [tally]
        })
        return some.length === 0 ? [] : [{ id, tally: some.reduce(addTally, NO_TALLY) }]
      })
      return questionOf(one, found, dispersion)
    })
}

const trialsOf = (all: readonly DatedQuestionnaire[], questions: readonly ReportQuestion[], at: Instant) =>
  trialsBy(all, at)
    .filter(({ version }) => questions.some(({ versions = [] }) => versions.includes(version)))
    .map(({ version, percent, from, until }) => ({
      ...{ version, percent, from: localDate(from), until: localDate(addMilliseconds(until, -1)) },
    }))

function questionOf(
  { version, versions, use, question: { key, kind, required, vi, en, options } }: AskedQuestion,
  told: readonly { readonly id: string; readonly tally: Tally }[],
  dispersion: number,
): ReportQuestion {
  const { respondents, counts } = told.map(({ tally }) => tally).reduce(addTally, NO_TALLY)
  const countOf = (from: Counts) => (option: { readonly code: string }) => from[option.code] ?? 0
  return {
    version,
    versions,
    use,
    key,
    kind,
    required,
    vi,
    en,
    respondents,
    ...shareOf(kindOf(kind).headline?.of({ counts, dispersion }) ?? null),
    options: options.map((option) => ({ ...option, count: countOf(counts)(option) })),
    agencies: told.map(({ id, tally }) => ({
      id,
      respondents: tally.respondents,
      counts: options.map(countOf(tally.counts)),
    })),
  }
}

function trendOf(months: readonly PublishedMonth[], cuts: readonly Month[], dispersion: number) {
  const told = addUpMonths(months.filter(({ question }) => question === HEADLINE))
  return computeTrend(told, cuts, TOP_TWO, dispersion).flatMap(({ centre, points }) =>
    points.map(({ month, responses, share, limits, outside }) => {
      const exact = {
        ...sharesOf(share),
        centre,
        lowerLimit: limits?.low ?? null,
        upperLimit: limits?.high ?? null,
      }
      return { month, responses, ...roundedOf(exact), exact, outside }
    }),
  )
}

/** The published reason. */
const words = { reasonVi: z.string(), reasonEn: z.string().nullable() }

export const reversal = z.object({ exclusionId: z.uuid(), ...words })
/** The answers of an agency's kiosks in some weeks, given by their Mondays. */
export const kioskRemoval = z.object({ agencyId: z.string(), from: z.iso.date(), to: z.iso.date(), ...words })
export const withdrawal = z.object({ reportId: z.uuid(), ...words })

export const managesSurvey = (by: Pick<StaffActor, 'role'>): boolean => may(by.role, 'survey:manage')
