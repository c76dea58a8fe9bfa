import type { Result } from '#domain/result.ts'
import { addMilliseconds, type Instant, localDate } from '#domain/time.ts'
import { AGENCY_GROUPS, type Agency, type AgencyGroup, type AgencyKind, groupOf } from './agency.ts'
import {
  type AskedQuestion,
  askedQuestions,
  type DatedQuestionnaire,
  endOfDay,
  type QuestionUse,
  trialsBy,
} from './asked-questions.ts'
import type { CommentTheme } from './comment-theme.ts'
import type { Band } from './comparison.ts'
import { add, addTally, type Counts, NO_TALLY, type Share, type Tally, topTwo } from './distribution.ts'
import type { ExclusionReason } from './exclusion.ts'
import { type Catalogue, type KnownAgency, sinceOf } from './lineage.ts'
import { type Month, monthsLater } from './month.ts'
import { PublicWords, type WordFaults } from './public-words.ts'
import { countMissing, type Standing } from './publication.ts'
import { HEADLINE, isScale, type QuestionKind } from './questionnaire.ts'
import { breaksOf, cutsOf, type ReportBreak } from './report-breaks.ts'
import { addedUp, type Chain, chainsOf, heirOf, mergeChains } from './report-chains.ts'
import type { Period } from './report-period.ts'
import { type ReportVoices, voicesOf } from './report-voices.ts'
import { type AgencyFigures, cityResults, type Figures } from './results.ts'
import type { AnsweredState, SuggestionState } from './suggestion.ts'
import { trend } from './trend.ts'
import type { RawForm } from './typed.ts'

export const REPORT_SCOPES = ['all', ...AGENCY_GROUPS, 'chosen'] as const
export type ReportScope = (typeof REPORT_SCOPES)[number]

interface Shares {
  readonly satisfied: number | null
  readonly low: number | null
  readonly high: number | null
}

/** Shares are told in ten-thousandths, as everywhere in the open data, and beside them as they are. */
interface ReportShare extends Shares {
  /** Not rounded: what is printed is rounded once, from here. Data frozen before 2026-11-28 has none. */
  readonly exact?: Shares
}

export interface ReportFigures extends ReportShare {
  readonly responses: number
  readonly standing: Standing
}

export interface ReportAgency extends ReportFigures {
  readonly id: string
  readonly vi: string
  readonly en: string
  readonly kind: AgencyKind
  readonly group: AgencyGroup
  /** Beside all others of its group and time in the period, also those that the report leaves out. */
  readonly band: Band | null
  /** How many more answers lead to the next standing. */
  readonly missing: number
  /** Whether it was reorganised away before the period's end. */
  readonly former: boolean
  /**
   * Of one that ended: its first day of being no more, a local date. Its successor was not one to one, so nothing is added
   * up over that day. Data frozen while those that ended were compared with nobody has none.
   */
  readonly endedOn?: string
  /** Of one that began within the period: its first day. */
  readonly startedOn?: string
  /** The agencies that it alone succeeded, one to one, on a day in or before the period: their answers are in its figures. */
  readonly chained?: readonly {
    readonly id: string
    readonly vi: string
    readonly en: string
    readonly on: string
  }[]
}

export interface ReportQuestion extends ReportShare {
  /** The version under which it is shown. */
  readonly version: number
  /** Every version that asks the same, added up, and whether it is in use at the period's end; older data has neither. */
  readonly versions?: readonly number[]
  readonly use?: QuestionUse
  readonly key: string
  readonly kind: QuestionKind
  readonly required: boolean
  readonly vi: string
  readonly en: string
  readonly respondents: number
  readonly options: readonly {
    readonly code: string
    readonly vi: string
    readonly en: string
    readonly count: number
  }[]
  /** By agency, the counts in the order of the options; those without public answers are left out. */
  readonly agencies: readonly {
    readonly id: string
    readonly respondents: number
    readonly counts: readonly number[]
  }[]
}

/** A version on trial, with local dates: the last is its last day. */
export interface ReportTrial {
  readonly version: number
  readonly percent: number
  readonly from: string
  readonly until: string
}

interface MonthLimits {
  readonly centre: number | null
  readonly lowerLimit: number | null
  readonly upperLimit: number | null
}

export interface ReportMonth extends Shares, MonthLimits {
  readonly month: Month
  readonly responses: number
  readonly exact?: Shares & MonthLimits
  readonly outside: boolean
}

export interface ReportComments {
  /** Whole tens of comments, by agency. */
  readonly agencies: readonly { readonly id: string; readonly comments: number }[]
  /** Whole tens of comments in which a theme occurs, by group as a whole. */
  readonly themes: readonly {
    readonly group: AgencyGroup
    readonly theme: CommentTheme
    readonly comments: number
  }[]
}

export interface ReportSuggestions {
  /** Those that came in the period, by what has become of them so far. */
  readonly received: readonly { readonly state: SuggestionState; readonly count: number }[]
  /** Those that were answered in the period. */
  readonly answered: readonly {
    readonly state: AnsweredState
    /** A local date. */
    readonly on: string
    /** How many people's it is: one, and those that were merged into it. */
    readonly people: number
    readonly summaryVi: string
    readonly summaryEn: string | null
    readonly answerVi: string
    readonly answerEn: string | null
  }[]
}

export interface ReportExclusion {
  readonly reason: ExclusionReason
  readonly excluded: number
  readonly reversed: number
}

/** What the survey manager recommends to the City: their own words, not a result. */
export interface Recommendations {
  readonly vi: string
  readonly en: string | null
}

/** Who gives the report to the People's Committee. */
export interface ReportOffice {
  readonly vi: string
  readonly en: string
  /** As it stands behind a document's number: `SNV`. */
  readonly abbreviation: string
}

/** Everything that a report says, and nothing that is not public: what is frozen, hashed and printed. */
export interface CityReport {
  readonly format: 'an-tam-city-report/1'
  /** Data frozen before it was told has none, and is drawn without. */
  readonly office?: ReportOffice
  readonly period: Period & {
    /** The last day whose publications are in it, as a local date. */
    readonly through: string
  }
  readonly scope: ReportScope
  /** Of the agencies of the report, and of them by group. */
  readonly total: ReportFigures
  readonly groups: readonly (ReportFigures & { readonly group: AgencyGroup })[]
  readonly agencies: readonly ReportAgency[]
  /** Each once: those in use at the period's end first, those of a trial last. */
  readonly questions: readonly ReportQuestion[]
  /** The trials whose questions are in it; data frozen before they were told apart has none. */
  readonly trials?: readonly ReportTrial[]
  readonly trend: readonly ReportMonth[]
  /** Reorganisations of the agencies of the report within its trend; data frozen before they were told has none. */
  readonly breaks?: readonly ReportBreak[]
  readonly comments: ReportComments
  /** Data frozen before it was told has none. */
  readonly voices?: ReportVoices
  readonly suggestions: ReportSuggestions
  readonly exclusions: readonly ReportExclusion[]
  /** Not there where nothing is recommended. */
  readonly recommendations?: Recommendations
}

/** What of one question at one agency became public in one month. */
export interface PublishedMonth extends Tally {
  readonly agencyId: string
  readonly version: number
  readonly question: string
  readonly month: Month
}

export interface ReportSource {
  readonly office: ReportOffice
  readonly period: Period
  readonly through: string
  readonly scope: ReportScope
  readonly agencyIds: readonly string[]
  /** Every agency that there was by the period's end, in the catalogue's order. */
  readonly known: readonly KnownAgency[]
  readonly catalogue: Catalogue
  /** From {@link trendStart} to the period's end. */
  readonly months: readonly PublishedMonth[]
  readonly questionnaires: readonly DatedQuestionnaire[]
  readonly comments: ReportComments
  readonly voices: ReportVoices
  readonly suggestions: ReportSuggestions
  readonly exclusions: readonly ReportExclusion[]
  readonly recommendations?: Recommendations | null
}

/** Reads recommendations as they were typed, both languages optional; English stands beside Vietnamese only. */
export function readRecommendations(typed: RawForm): Result<Recommendations | null, WordFaults> {
  const words = new PublicWords(typed)
  const en = words.text('recommendationsEn', 'recommendations', false)
  const vi = words.text('recommendationsVi', 'recommendations', en !== null)
  return words.result(vi === null ? null : { vi, en })
}

/** A trend shows a year at least: one month alone is none. */
export const trendStart = ({ from, to }: Period): Month => [from, monthsLater(to, -11)].toSorted()[0] ?? from

export const inScope =
  (scope: ReportScope, agencyIds: readonly string[]) =>
  ({ id, kind }: Pick<Agency, 'id' | 'kind'>): boolean =>
    scope === 'all' || (scope === 'chosen' ? agencyIds.includes(id) : groupOf(kind) === scope)

const plain = (share: number): number => Math.round(share * 10_000) / 10_000

const sharesOf = (share: Share | null): Shares => ({
  satisfied: share?.satisfied ?? null,
  low: share?.low ?? null,
  high: share?.high ?? null,
})

type Rounded<T> = { readonly [K in keyof T]: number | null }
const roundedOf = <T extends Readonly<Record<keyof T, number | null>>>(exact: T): Rounded<T> =>
  Object.fromEntries(
    Object.entries<number | null>(exact).map(([name, share]) => [name, share === null ? null : plain(share)]),
  ) as Rounded<T>

const shareOf = (share: Share | null): ReportShare => {
  const exact = sharesOf(share)
  return { ...roundedOf(exact), exact }
}

const unrounded = <T extends { readonly exact?: object }>(one: T): T => ({ ...one, ...one.exact })

/** Returns the report with each share as it is, for drawing: a figure that is printed is rounded once. */
export const withExactShares = (report: CityReport): CityReport => ({
  ...report,
  total: unrounded(report.total),
  groups: report.groups.map(unrounded),
  agencies: report.agencies.map(unrounded),
  questions: report.questions.map(unrounded),
  trend: report.trend.map(unrounded),
})

const figuresOf = ({ responses, share, standing }: Figures): ReportFigures => ({
  responses,
  standing,
  ...shareOf(share),
})

/** Returns the report of a period, from what became public in its months. */
export function cityReport(source: ReportSource): CityReport {
  const { office, period, through, scope } = source
  const chains = chainsOf(source.catalogue, through)
  const heir = heirOf(chains)
  const known = mergeChains(source.known, heir)
  const agencyIds = source.agencyIds.map(heir)
  const chosen = known.filter(inScope(scope, agencyIds))
  const ids = new Set(chosen.map(({ id }) => id))
  const everyId = new Set(source.known.flatMap(({ id }) => (ids.has(heir(id)) ? [id] : [])))
  const months = source.months.map((one) => ({ ...one, agencyId: heir(one.agencyId) }))
  const inPeriod = months.filter(({ month }) => period.from <= month && month <= period.to)
  const headline = countsByAgency(inPeriod)
  const everybody = cityResults(known, through, headline)
  const those = cityResults(chosen, through, headline)
  const lives = livesOf(source, known, chains)
  const isChosen = ({ agency }: AgencyFigures) => ids.has(agency.id)
  const breaks = breaksOf(source.catalogue, everyId, { first: `${trendStart(period)}-01`, last: through })
  const at = endOfDay(through)
  const asked = askedQuestions(source.questionnaires, at)
  const questions = questionsOf(
    asked,
    chosen,
    inPeriod.filter(({ agencyId }) => ids.has(agencyId)),
  )
  const present = AGENCY_GROUPS.filter((group) => chosen.some(({ kind }) => groupOf(kind) === group))
  return {
    format: 'an-tam-city-report/1',
    office,
    period: { ...period, through },
    scope,
    total: figuresOf(those.city),
    groups: present.map((group) => ({ group, ...figuresOf(those.groups[group]) })),
    agencies: [
      ...everybody.agencies.filter(isChosen).map((one) => agencyOf(one, false, lives)),
      ...everybody.former.filter(isChosen).map((one) => agencyOf(one, true, lives)),
    ],
    questions,
    trials: trialsOf(source.questionnaires, questions, at),
    trend: trendOf(
      months.filter(({ agencyId }) => ids.has(agencyId)),
      cutsOf(source.catalogue, everyId, breaks),
    ),
    breaks,
    comments: {
      agencies: addedUp(source.comments.agencies, 'comments', heir)
        .filter(({ id }) => ids.has(id))
        .map(({ id, count }) => ({ id, comments: count })),
      themes: source.comments.themes.filter(({ group }) => present.includes(group)),
    },
    voices: voicesOf(source.voices, ids, heir),
    suggestions: source.suggestions,
    exclusions: source.exclusions,
    ...(source.recommendations && { recommendations: source.recommendations }),
  }
}

function countsByAgency(months: readonly PublishedMonth[]): Map<string, Counts> {
  const sums = new Map<string, Counts>()
  for (const { agencyId, question, counts } of months)
    if (question === HEADLINE) sums.set(agencyId, add(sums.get(agencyId) ?? {}, counts))
  return sums
}

type Life = Pick<ReportAgency, 'endedOn' | 'startedOn' | 'chained'>

/**
 * Returns what is told of each agency, by its id: when it began and ended within the period, and for which agencies it
 * goes on.
 */
function livesOf(
  { period, through, known: every, months }: ReportSource,
  known: readonly KnownAgency[],
  chains: readonly Chain[],
): ReadonlyMap<string, Life> {
  const heir = heirOf(chains)
  const told = new Set(
    months.filter(({ month }) => period.from <= month && month <= period.to).map(({ agencyId }) => agencyId),
  )
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
  { agency, band, ...figures }: AgencyFigures,
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
  former,
  ...lives.get(agency.id),
  ...figuresOf(figures),
})

/**
 * Returns the figures of each question; what nobody was asked in the period is no part of it, the version in use
 * excepted.
 */
function questionsOf(
  asked: readonly AskedQuestion[],
  agencies: readonly Agency[],
  months: readonly PublishedMonth[],
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
      return questionOf(one, found)
    })
}

const trialsOf = (
  all: readonly DatedQuestionnaire[],
  questions: readonly ReportQuestion[],
  at: Instant,
): ReportTrial[] =>
  trialsBy(all, at)
    .filter(({ version }) => questions.some(({ versions = [] }) => versions.includes(version)))
    .map(({ version, percent, from, until }) => ({
      ...{ version, percent, from: localDate(from), until: localDate(addMilliseconds(until, -1)) },
    }))

function questionOf(
  { version, versions, use, question: { key, kind, required, vi, en, options } }: AskedQuestion,
  told: readonly { readonly id: string; readonly tally: Tally }[],
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
    ...shareOf(isScale(kind) ? topTwo(counts) : null),
    options: options.map((option) => ({ ...option, count: countOf(counts)(option) })),
    agencies: told.map(({ id, tally }) => ({
      id,
      respondents: tally.respondents,
      counts: options.map(countOf(tally.counts)),
    })),
  }
}

function trendOf(months: readonly PublishedMonth[], cuts: readonly Month[]): ReportMonth[] {
  const sums = new Map<Month, Counts>()
  for (const { month, question, counts } of months)
    if (question === HEADLINE) sums.set(month, add(sums.get(month) ?? {}, counts))
  const told = [...sums].map(([month, counts]) => ({ month, counts }))
  return trend(told, cuts).flatMap(({ centre, points }) =>
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
