import type { AgencyGroup, AgencyKind, Catalogue, KnownAgency } from '#features/agencies/rules.ts'
import { AGENCY_GROUPS } from '#features/agencies/rules.ts'
import type { QuestionKind } from '#features/questionnaires/questions/rules.ts'
import type { AnsweredState, SuggestionState } from '#features/questionnaires/suggestions/rules.ts'
import type { DatedQuestionnaire, QuestionUse } from '#features/questionnaires/versions/rules.ts'
import type { CommentTheme } from '#features/ratings/comments/rules.ts'
import type { ExclusionReason } from '#features/ratings/integrity/rules.ts'
import type { Standing } from '#features/ratings/publication/rules.ts'
import type { PromiseState } from '#features/ratings/replies/rules.ts'
import type { Coverage } from '#features/ratings/volumes/rules.ts'
import type { Dispersion } from '#features/results/dispersion-rules.ts'
import type { Band, Month, SameNetworkMonth, WeightedShare } from '#features/results/rules.ts'
import type { Counts, Tally } from '#features/results/tally-rules.ts'
import { DAY } from '#lib/time.ts'
import type { ReportFront } from './front-rules.ts'
import { addedUp, type Period, type ReportBreak } from './period-rules.ts'
import type { AnsweredWith, ReportReason } from './problems-rules.ts'

export const REPORT_SCOPES = ['all', ...AGENCY_GROUPS, 'chosen'] as const
export type ReportScope = (typeof REPORT_SCOPES)[number]

export interface Shares {
  readonly satisfied: number | null
  readonly low: number | null
  readonly high: number | null
}

/** Shares in ten-thousandths, as everywhere in the open data, with the unrounded values beside them. */
export interface ReportShare extends Shares {
  /** The unrounded shares, so that a printed figure is rounded once. Data frozen before 2026-11-28 has none. */
  readonly exact?: Shares
}

export interface ReportFigures extends ReportShare {
  readonly responses: number
  readonly standing: Standing
  /** Answers kept out of the figures by the one-network rule. Data frozen before they were counted has none. */
  readonly sameNetwork?: number
}

export interface ReportCounting {
  readonly rule: 'one_network'
  /** The local date since which the rule applies, if figures were published by another rule before. */
  readonly since: string | null
  /** By how much answers vary more than independent ones, and the smallest difference that counts as one. */
  readonly dispersion: Dispersion
  readonly smallestDifference: number
}

export interface ReportAgency extends ReportFigures {
  readonly id: string
  readonly vi: string
  readonly en: string
  readonly kind: AgencyKind
  readonly group: AgencyGroup
  /** The band among all others of its group and time in the period, including those outside the report. */
  readonly band: Band | null
  /** How many of its cases have an answer, over all months with reported cases; absent without such months. */
  readonly coverage?: Coverage
  /** The number of answers missing for the next standing. */
  readonly missing: number
  /** True where it was reorganised away before the period's end. */
  readonly former: boolean
  /** The first day on which an ended agency without a one-to-one successor no longer existed. Absent in older data. */
  readonly endedOn?: string
  /** For an agency that began within the period: its first day, a local date. */
  readonly startedOn?: string
  /** The agencies that it succeeded one-to-one, on a day in or before the period; their answers are in its figures. */
  readonly chained?: readonly {
    readonly id: string
    readonly vi: string
    readonly en: string
    readonly on: string
  }[]
}

export interface ReportQuestion extends ReportShare {
  readonly version: number
  /** All versions that ask the same, added up, and whether the question is in use at the period's end; absent in older data. */
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
  /** The counts of each agency, in the order of the options; leaves out agencies without public answers. */
  readonly agencies: readonly {
    readonly id: string
    readonly respondents: number
    readonly counts: readonly number[]
  }[]
}

/** A version on trial, with local dates; the last date is its last day. */
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
  /** Comments in whole tens, by agency. */
  readonly agencies: readonly { readonly id: string; readonly comments: number }[]
  /** The comments that mention a theme, in whole tens, for each group as a whole. */
  readonly themes: readonly {
    readonly group: AgencyGroup
    readonly theme: CommentTheme
    readonly comments: number
  }[]
}

export interface ReportSuggestions {
  readonly received: readonly { readonly state: SuggestionState; readonly count: number }[]
  readonly answered: readonly {
    readonly state: AnsweredState
    /** A local date. */
    readonly on: string
    /** The people who made it, including those whose suggestions were merged into it. */
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

/** The survey manager's recommendations to the City: their own words, not a result. */
export interface Recommendations {
  readonly vi: string
  readonly en: string | null
}

export interface ReportOffice {
  readonly vi: string
  readonly en: string
  /** The abbreviation in a document's number: `SNV`. */
  readonly abbreviation: string
}

export type ReportGlossary = readonly { readonly field: string; readonly vi: string; readonly en: string }[]

/** The whole content of a report, which is all public data. It is frozen, hashed and printed. */
export interface CityReport {
  readonly format: 'an-tam-city-report/1'
  /** Absent in older frozen data, which is drawn without it. */
  readonly office?: ReportOffice
  readonly period: Period & {
    /** The last day whose publications are in it, as a local date. */
    readonly through: string
  }
  readonly scope: ReportScope
  /** The figures of the report's agencies together, and by group. */
  readonly total: ReportFigures
  /** The share of the report's agencies, each weighted by its cases; absent where too few agencies report theirs. */
  readonly weighted?: WeightedShare
  readonly groups: readonly (ReportFigures & { readonly group: AgencyGroup })[]
  readonly agencies: readonly ReportAgency[]
  /** The questions, once each: those in use at the period's end first, those of a trial last. */
  readonly questions: readonly ReportQuestion[]
  /** The trials whose questions are in it; absent in data frozen before trials were separate. */
  readonly trials?: readonly ReportTrial[]
  readonly trend: readonly ReportMonth[]
  /** Absent in data frozen before the one-network rule. */
  readonly counting?: ReportCounting
  /** The kiosks' answers by agency, which are in no other figure; absent where no week of the period is public. */
  readonly kiosks?: readonly (ReportFigures & {
    readonly id: string
    readonly vi: string
    readonly en: string
  })[]
  /** Reorganisations of the report's agencies within its trend; absent in older frozen data. */
  readonly breaks?: readonly ReportBreak[]
  /** The content of the first page beside the figures. Older frozen data has none, and is drawn as before. */
  readonly front?: ReportFront
  /** The meaning of each field of the file, by its name; older data has it on paper only. */
  readonly glossary?: ReportGlossary
  /** The answers associated with dissatisfaction; absent in a report of chosen agencies, and in older data. */
  readonly reasons?: readonly ReportReason[]
  readonly comments: ReportComments
  /** Absent in older frozen data. */
  readonly voices?: ReportVoices
  readonly suggestions: ReportSuggestions
  readonly exclusions: readonly ReportExclusion[]
  /** Absent where nothing is recommended. */
  readonly recommendations?: Recommendations
}

export interface PublishedMonth extends Tally {
  readonly agencyId: string
  readonly version: number
  readonly question: string
  readonly month: Month
}

export interface PublishedWeek {
  readonly agencyId: string
  /** The Monday of the week, a local date. */
  readonly week: string
  readonly counts: Counts
}

export interface ReportSource {
  readonly office: ReportOffice
  readonly period: Period
  readonly through: string
  readonly scope: ReportScope
  readonly agencyIds: readonly string[]
  /** Every agency that existed by the period's end, in the catalogue's order. */
  readonly known: readonly KnownAgency[]
  readonly catalogue: Catalogue
  /** From {@link readFrom} to the period's end. */
  readonly months: readonly PublishedMonth[]
  /** The answers of the same months that were kept out of the figures. */
  readonly sameNetwork?: readonly SameNetworkMonth[]
  readonly counting?: ReportCounting
  readonly coverage?: ReadonlyMap<string, Coverage>
  /** The weeks of the period: those whose Monday is in it. */
  readonly kiosks?: readonly PublishedWeek[]
  readonly questionnaires: readonly DatedQuestionnaire[]
  /** The number of people of each group who gave an answer, satisfied or not, by version and question. */
  readonly answeredWith?: readonly AnsweredWith[]
  readonly comments: ReportComments
  readonly voices: ReportVoices
  readonly suggestions: ReportSuggestions
  readonly exclusions: readonly ReportExclusion[]
  readonly recommendations?: Recommendations | null
  readonly glossary?: ReportGlossary
}

/** The answers of a local date, rounded down to the five. */
export interface DayCount {
  readonly day: string
  readonly answers: number
  /** True for fewer than five, perhaps none. */
  readonly few: boolean
}

/** Counts per day are published in whole fives. */
const DAY_STEP = 5

/** Returns every day from one local date to before another, in whole fives: two views reveal no single answer. */
export function inFives(
  counted: readonly { readonly day: string; readonly answers: number }[],
  from: string,
  before: string,
): DayCount[] {
  const by = new Map(counted.map(({ day, answers }) => [day, answers]))
  const days: DayCount[] = []
  for (let at = Date.parse(from); at < Date.parse(before); at += DAY) {
    const day = new Date(at).toISOString().slice(0, 10)
    const answers = Math.floor((by.get(day) ?? 0) / DAY_STEP) * DAY_STEP
    days.push({ day, answers, few: answers === 0 })
  }
  return days
}

/** A promise that an agency published before the report's last day, in its state on that day. */
export interface ReportPromise {
  readonly agencyId: string
  readonly vi: string
  readonly en: string | null
  /** Local dates: the date promised first, by which it is judged, and the present one. */
  readonly firstDue: string
  readonly due: string
  readonly state: PromiseState
  /** True where it was not kept by the date promised first. */
  readonly late: boolean
  readonly keptOn: string | null
}

export interface ReportVoices {
  readonly promises: readonly ReportPromise[]
  /** The free-text questions with their numbers of answers; the answers themselves are read as comments. */
  readonly texts: readonly {
    readonly version: number
    readonly key: string
    readonly vi: string
    readonly en: string
    /** The number of answers by agency, each month in whole tens. */
    readonly agencies: readonly { readonly id: string; readonly answers: number }[]
  }[]
}

/** Returns the promises and answers of some agencies, each under its `heir`, and every question that was asked. */
export const voicesOf = (
  { promises, texts }: ReportVoices,
  ids: ReadonlySet<string>,
  heir: (id: string) => string = (id) => id,
): ReportVoices => ({
  promises: promises
    .map((one) => ({ ...one, agencyId: heir(one.agencyId) }))
    .filter(({ agencyId }) => ids.has(agencyId)),
  texts: texts.map((one) => ({
    ...one,
    agencies: addedUp(one.agencies, 'answers', heir)
      .filter(({ id }) => ids.has(id))
      .map(({ id, count }) => ({ id, answers: count })),
  })),
})

export function promiseCounts(promises: readonly ReportPromise[]) {
  const count = (which: (one: ReportPromise) => boolean) => promises.filter(which).length
  return {
    made: promises.length,
    kept: count(({ state, late }) => state === 'kept' && !late),
    keptLate: count(({ state, late }) => state === 'kept' && late),
    overdue: count(({ state }) => state === 'overdue'),
    doing: count(({ state }) => state === 'doing'),
    moved: count(({ firstDue, due }) => firstDue !== due),
  }
}
