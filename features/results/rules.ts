import {
  AGENCY_GROUPS,
  type Agency,
  type AgencyGroup,
  atOneTime,
  groupOf,
  type KnownAgency,
} from '#features/agencies/rules.ts'
import { type Standing, standingOf } from '#features/ratings/publication/rules.ts'
import { type Coverage, isCovered } from '#features/ratings/volumes/rules.ts'
import { MIN_COMPARED, MIN_PUBLIC_GROUP } from '#lib/statistics/groups.ts'
import { twoSided, twoSidedQuantile } from '#lib/statistics/normal.ts'
import type { Interval } from '#lib/statistics/wilson.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { type Dispersion, INDEPENDENT } from './dispersion-rules.ts'
import type { Figure } from './figure-rules.ts'
import { add, type Counts, type Share, topTwo, topTwoOf, total } from './tally-rules.ts'

/** The public figures of an agency, or of several added up. */
export interface Figures {
  /** The number of public answers; 0 where they are suppressed. */
  readonly responses: number
  /** The share satisfied overall; null where it is suppressed. */
  readonly share: Share | null
  readonly standing: Standing
}

/** Public figures, and how many answers are kept beside them. */
export interface Totals extends Figures {
  /** Answers of a network that had one in the figures on the same day: each month's down to the ten. */
  readonly sameNetwork: number
}

export interface AgencyFigures extends Totals {
  readonly agency: Agency
  /** The band within its group and time; null where it is not compared. */
  readonly band: Band | null
  /** The smallest difference from the others that so many answers could show; null where it is not compared. */
  readonly visible: number | null
  /** Holds what of its cases has an answer; null where its cases are not told. */
  readonly coverage: Coverage | null
}

/** The place of an agency beside its group: its band, or the reason why it has none. */
export type Place = Band | 'few' | 'alone' | 'uncovered' | 'suppressed'

export const placeOf = ({
  band,
  standing,
  coverage = null,
}: Pick<AgencyFigures, 'band' | 'standing'> & Partial<Pick<AgencyFigures, 'coverage'>>): Place =>
  band ?? (standing === 'full' ? (isCovered(coverage) ? 'alone' : 'uncovered') : standing)

export interface CityResults {
  readonly city: Totals
  readonly groups: Readonly<Record<AgencyGroup, Totals>>
  /** The agencies of today, in the catalogue's order. */
  readonly agencies: readonly AgencyFigures[]
  /**
   * Agencies that have ended and have public figures. They count in the totals, and are compared with agencies of their
   * time.
   */
  readonly former: readonly AgencyFigures[]
  readonly dispersion: Dispersion
  /** The city's share with each agency weighing as much as its cases; null where too few agencies tell theirs. */
  readonly weighted: WeightedShare | null
}

export const figures = (counts: Counts, dispersion = 1): Figures => {
  const responses = total(counts)
  return { responses, share: topTwo({ counts, dispersion }), standing: standingOf(responses) }
}

/**
 * Returns the tables of the city from the public counts of the headline question, by agency id. Totals are sums of
 * public figures (publication/rules.ts), so that nothing suppressed is in them.
 *
 * @param known every agency of today, and every former one that may have public figures, in the catalogue's order
 */
export function cityResults(
  known: readonly KnownAgency[],
  today: string,
  headline: ReadonlyMap<string, Counts>,
  { sameNetwork = new Map(), dispersion = INDEPENDENT, coverage = new Map() }: Beside = {},
): CityResults {
  const countsOf = (agency: Agency): Counts => headline.get(agency.id) ?? {}
  const totals = (some: readonly Agency[]): Totals => ({
    ...figures(some.map(countsOf).reduce(add, {}), dispersion.factor),
    sameNetwork: some.reduce((all, { id }) => all + (sameNetwork.get(id) ?? 0), 0),
  })
  const inGroup = (group: AgencyGroup) => (agency: Agency) => groupOf(agency.kind) === group
  const [districts, departments] = AGENCY_GROUPS
  const isOpen = ({ validTo }: KnownAgency) => validTo === null || validTo > today
  const open = known.filter(isOpen)
  const banded = AGENCY_GROUPS.flatMap((name) => {
    const group = known.filter(inGroup(name))
    const together = (a: number, b: number) => {
      const [one, other] = [group[a], group[b]]
      return one !== undefined && other !== undefined && atOneTime(one, other)
    }
    // An agency that is not covered is one of the others, and is compared with none.
    const covered = (at: number) => isCovered(coverage.get(group[at]?.id ?? '') ?? null)
    return compare(group.map(countsOf), together, dispersion.compared, covered).map(
      (found, at) => [group[at]?.id, found] as const,
    )
  })
  const foundOf = new Map(banded)
  const row = (agency: Agency): AgencyFigures => ({
    agency,
    band: foundOf.get(agency.id)?.band ?? null,
    visible: foundOf.get(agency.id)?.visible ?? null,
    coverage: coverage.get(agency.id) ?? null,
    ...totals([agency]),
  })
  return {
    city: totals(known),
    groups: {
      [districts]: totals(known.filter(inGroup(districts))),
      [departments]: totals(known.filter(inGroup(departments))),
    },
    agencies: open.map(row),
    former: known
      .filter((agency) => !isOpen(agency))
      .map(row)
      .filter(({ responses }) => responses > 0),
    dispersion,
    weighted: weighAgencies(
      known.map((agency) => ({ counts: countsOf(agency), cases: coverage.get(agency.id)?.cases ?? null })),
      dispersion.factor,
    ),
  }
}

/** Holds what is told beside the counts, each by agency id. */
export interface Beside {
  /** The answers that are kept beside the figures. */
  readonly sameNetwork?: ReadonlyMap<string, number>
  readonly dispersion?: Dispersion
  readonly coverage?: ReadonlyMap<string, Coverage>
}

/** The city's share with each agency weighing as much as its cases. */
export interface WeightedShare extends Interval {
  readonly value: number
  /** The agencies that are in it, and their cases. */
  readonly agencies: number
  readonly cases: number
}

/** Fewer agencies than this are no city. */
const WEIGHTED_LEAST = 5

/**
 * Returns the share of several agencies weighted by their cases, with its 95 % interval: the variance of a stratified mean, W. G.
 * Cochran, "Sampling Techniques" (1977), 5.6, times the dispersion. Without an agency whose share is not public, or whose cases
 * are not told. Null for too few agencies.
 */
function weighAgencies(
  agencies: readonly { readonly counts: Counts; readonly cases: number | null }[],
  dispersion = 1,
): WeightedShare | null {
  const some = agencies.flatMap(({ counts, cases }) => {
    const { top, base } = topTwoOf(counts)
    return base < MIN_PUBLIC_GROUP || cases === null || cases === 0
      ? []
      : [{ share: top / base, base, cases }]
  })
  if (some.length < WEIGHTED_LEAST) return null
  const cases = some.reduce((sum, one) => sum + one.cases, 0)
  const value = some.reduce((sum, one) => sum + (one.cases / cases) * one.share, 0)
  const variance = some.reduce(
    (sum, one) => sum + (one.cases / cases) ** 2 * ((dispersion * one.share * (1 - one.share)) / one.base),
    0,
  )
  const far = twoSidedQuantile(ALPHA) * Math.sqrt(variance)
  return {
    value,
    low: Math.max(0, value - far),
    high: Math.min(1, value + far),
    agencies: some.length,
    cases,
  }
}

/** A month of the city's calendar, `YYYY-MM`. */
export type Month = string & { readonly __brand: 'Month' }

export const monthOf = (at: Instant): Month => localDate(at).slice(0, 7) as Month

/** The form in which a month is written. */
export const MONTH = /^[1-9]\d{3}-(0[1-9]|1[0-2])$/

/** Reads `YYYY-MM`; null for any other text. */
export const parseMonth = (text: string): Month | null => (MONTH.test(text) ? (text as Month) : null)

/** Returns the month as the database keeps it: the date of its first day. */
export const firstDay = (month: Month): Date => new Date(`${month}-01`)

/** Returns the month that the database keeps as this day. */
export const monthOfDay = (day: Date): Month => day.toISOString().slice(0, 7) as Month

/** Returns how much of its month has passed when a local date begins. */
export function fractionPassed(date: string): number {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number]
  return (day - 1) / new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** Returns the month that is some months later, or earlier. */
export function monthsLater(month: Month, months: number): Month {
  const day = firstDay(month)
  day.setUTCMonth(day.getUTCMonth() + months)
  return monthOfDay(day)
}

/** The answers that an agency kept beside its figures in a month, over every version of the questions, down to the ten. */
export interface SameNetworkMonth {
  readonly agencyId: string
  readonly month: Month
  readonly answers: number
}

/** Adds up what is kept beside the figures, by agency. */
export function sameNetworkBy(rows: readonly SameNetworkMonth[]): Map<string, number> {
  const sums = new Map<string, number>()
  for (const { agencyId, answers } of rows) sums.set(agencyId, (sums.get(agencyId) ?? 0) + answers)
  return sums
}

/** Returns the month from which figures are counted by another rule: months before and after have limits of their own. */
export const ruleCuts = (since: string | null): Month[] =>
  since === null ? [] : [since.slice(0, 7) as Month]

/** Some people, and how many of them are satisfied. */
export interface Sample {
  readonly top: number
  readonly base: number
}

/** The chance of calling any agency of a group different when none is. */
const ALPHA = 0.05

/**
 * Returns the two-sided p-value of two shares being the same, by the score test with the pooled share: Pearson's χ² for
 * a two-by-two table, K. Pearson, Phil. Mag. 50 (1900) 157–175, times (N − 1)/N as E. S. Pearson, Biometrika 34 (1947)
 * 139–167, has it. I. Campbell, Statist. Med. 26 (2007) 3661–3675, recommends that form where every expected number is
 * 1 or more; where one is less there is nothing to tell them apart by, and the answer is 1.
 *
 * @param dispersion χ² is divided by it, as of answers that are not independent (Spiegelhalter 2005)
 */
export function sameShare(a: Sample, b: Sample, dispersion = 1): number {
  const all = a.base + b.base
  const top = a.top + b.top
  const smallest = (Math.min(a.base, b.base) * Math.min(top, all - top)) / all
  if (!(smallest >= 1)) return 1
  const cross = a.top * (b.base - b.top) - b.top * (a.base - a.top)
  return twoSided(cross * Math.sqrt((all - 1) / (a.base * b.base * top * (all - top)) / dispersion))
}

/**
 * Returns p-values adjusted by Holm's method for testing several at once. Where every adjusted value of 0.05 or less is
 * called a difference, the chance that any such call of the family is wrong is at most 0.05, even where the tests
 * depend on one another. S. Holm, "A simple sequentially rejective multiple test procedure", Scand. J. Statist. 6
 * (1979) 65–70; in adjusted form S. P. Wright, Biometrics 48 (1992) 1005–1013.
 */
export function holmAdjusted(pValues: readonly number[]): number[] {
  const order = pValues.map((_, at) => at).toSorted((a, b) => (pValues[a] ?? 1) - (pValues[b] ?? 1))
  const adjusted = Array.from({ length: pValues.length }, () => 1)
  let largest = 0
  order.forEach((at, rank) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * (pValues[at] ?? 1)))
    adjusted[at] = largest
  })
  return adjusted
}

/** An agency is called apart from the others from such a difference on: one person in ten. */
export const SMALLEST_DIFFERENCE = 0.1

/** The position of an agency beside the rest of its group: never a rank, as most neighbours of a rank are not apart. */
export type Band = 'above' | 'same' | 'below'

/**
 * Compares each agency of a group with all others of the group taken together. Null for an agency with fewer than
 * {@link MIN_COMPARED} answers, and where the others have fewer. Where not all agencies existed at the same time, `together`
 * tells which pairs did: only those are the others of an agency, and agencies connected by such pairs form one family
 * for Holm's method. A difference below {@link SMALLEST_DIFFERENCE} is called none, however sure it is.
 *
 * @param dispersion by how much answers vary more than independent ones
 */
export const bands = (...of: Parameters<typeof compare>): (Band | null)[] =>
  compare(...of).map((found) => found?.band ?? null)

interface Comparison {
  readonly band: Band
  /** The smallest difference that would have been called one: by chance, or by what matters. */
  readonly visible: number
}

/** Returns the bands of some agencies with what could be seen at all; null for those that are not compared. */
function compare(
  headline: readonly Counts[],
  together: (a: number, b: number) => boolean = () => true,
  dispersion = 1,
  covered: (at: number) => boolean = () => true,
): (Comparison | null)[] {
  const samples = headline.map(topTwoOf)
  const compared = samples.flatMap((sample, at) => {
    const rest = { top: 0, base: 0 }
    samples.forEach((other, n) => {
      if (n === at || !together(at, n)) return
      rest.top += other.top
      rest.base += other.base
    })
    const compared = sample.base >= MIN_COMPARED && rest.base >= MIN_COMPARED && covered(at)
    return compared ? [{ at, sample, rest }] : []
  })
  const found: (Comparison | null)[] = headline.map(() => null)
  for (const family of connected(compared, (a, b) => together(a.at, b.at))) {
    const adjusted = holmAdjusted(family.map(({ sample, rest }) => sameShare(sample, rest, dispersion)))
    family.forEach(({ at, sample, rest }, n) => {
      const difference = sample.top / sample.base - rest.top / rest.base
      // 0.9 less 0.8 is a little less than a tenth.
      const matters = Math.round(Math.abs(difference) * 1e9) >= SMALLEST_DIFFERENCE * 1e9
      const apart = (adjusted[n] ?? 1) <= ALPHA && matters
      const band = apart ? (difference > 0 ? 'above' : 'below') : 'same'
      found[at] = { band, visible: visibleDifference(sample, rest, family.length, dispersion) }
    })
  }
  return found
}

/**
 * Returns the smallest difference that the first of Holm's steps would call one, at the share of the others and with so many
 * answers on both sides.
 */
function visibleDifference(sample: Sample, rest: Sample, tests: number, dispersion: number): number {
  const share = (sample.top + rest.top) / (sample.base + rest.base)
  const spread = Math.sqrt(dispersion * share * (1 - share) * (1 / sample.base + 1 / rest.base))
  return Math.min(1, Math.max(SMALLEST_DIFFERENCE, twoSidedQuantile(ALPHA / tests) * spread))
}

/** Splits some into what a symmetric relation connects, directly or through others. */
function connected<T>(all: readonly T[], related: (a: T, b: T) => boolean): readonly (readonly T[])[] {
  let parts: (readonly T[])[] = []
  for (const one of all) {
    const touched = parts.filter((part) => part.some((other) => related(one, other)))
    parts = [...parts.filter((part) => !touched.includes(part)), [...touched.flat(), one]]
  }
  return parts
}

const forms = {
  vi: new Intl.NumberFormat('vi-VN', { style: 'percent', maximumFractionDigits: 0 }),
  en: new Intl.NumberFormat('en-GB', { style: 'percent', maximumFractionDigits: 0 }),
}

/** Returns a share in whole per cent: its interval is never so narrow that more would mean anything. */
export const percent = (locale: 'vi' | 'en', share: number): string => forms[locale].format(share)

const signed = {
  vi: new Intl.NumberFormat('vi-VN', { maximumFractionDigits: 0, signDisplay: 'exceptZero' }),
  en: new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0, signDisplay: 'exceptZero' }),
}

/** Returns a difference of shares in points, with its sign. */
export const points = (locale: 'vi' | 'en', difference: number): string =>
  signed[locale].format(difference * 100)

/** Returns a value of a figure as it is written. */
export const writeFigure = (written: Figure['written'], locale: 'vi' | 'en', value: number): string =>
  written === 'percent' ? percent(locale, value) : points(locale, value)

const wholes = { vi: new Intl.NumberFormat('vi-VN'), en: new Intl.NumberFormat('en-GB') }

/** Returns a number of people, as the page's language writes it. */
export const people = (locale: 'vi' | 'en', count: number): string => wholes[locale].format(count)

const english = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' })

/** Returns a month as the page's language writes it: 11/2026, Nov 2026. */
export const monthLabel = (locale: 'vi' | 'en', month: Month): string =>
  locale === 'vi' ? `${month.slice(5)}/${month.slice(0, 4)}` : english.format(firstDay(month))
