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

export interface Figures {
  /** Public answers; 0 where they are suppressed. */
  readonly responses: number
  /** Null where it is suppressed. */
  readonly share: Share | null
  readonly standing: Standing
}

export interface Totals extends Figures {
  /** Answers left out because their network already had one in the figures that day; each month is rounded down to the ten. */
  readonly sameNetwork: number
}

export interface AgencyFigures extends Totals {
  readonly agency: Agency
  /** The band within its group and time; null where it is not compared. */
  readonly band: Band | null
  /** The smallest difference from the others that this many answers could show; null where it is not compared. */
  readonly visible: number | null
  /** How many of its cases have an answer; null where the agency does not report its cases. */
  readonly coverage: Coverage | null
}

/** An agency's band beside its group, or the reason why it has none. */
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
  /** In the catalogue's order. */
  readonly agencies: readonly AgencyFigures[]
  /** Former agencies with public figures. They count in the totals, and are compared with agencies of their time. */
  readonly former: readonly AgencyFigures[]
  readonly dispersion: Dispersion
  /** The city's share with each agency weighted by its cases; null where too few agencies report theirs. */
  readonly weighted: WeightedShare | null
}

export const figures = (counts: Counts, dispersion = 1): Figures => {
  const responses = total(counts)
  return { responses, share: topTwo({ counts, dispersion }), standing: standingOf(responses) }
}

/**
 * Returns the city's tables from the public counts of the headline question, by agency id. Totals are sums of public
 * figures (publication/rules.ts), so that they contain nothing suppressed.
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
    // An agency without enough coverage is among the others in comparisons, but gets no band itself.
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

/** Data used beside the counts, each by agency id. */
export interface Beside {
  /** Answers kept out of the figures. */
  readonly sameNetwork?: ReadonlyMap<string, number>
  readonly dispersion?: Dispersion
  readonly coverage?: ReadonlyMap<string, Coverage>
}

/** The city's share with each agency weighted by its cases. */
export interface WeightedShare extends Interval {
  readonly value: number
  readonly agencies: number
  readonly cases: number
}

/** Fewer agencies than this do not represent the city. */
const WEIGHTED_LEAST = 5

/**
 * Returns the share of several agencies weighted by their cases, with its 95 % interval: the variance of a stratified
 * mean, W. G. Cochran, "Sampling Techniques" (1977), 5.6, times the dispersion. Leaves out agencies without a public
 * share or without reported cases. Null for too few agencies.
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

/** A month in local time, `YYYY-MM`. */
export type Month = string & { readonly __brand: 'Month' }

export const monthOf = (at: Instant): Month => localDate(at).slice(0, 7) as Month

export const MONTH = /^[1-9]\d{3}-(0[1-9]|1[0-2])$/

export const parseMonth = (text: string): Month | null => (MONTH.test(text) ? (text as Month) : null)

/** Returns the month as the database stores it: the date of its first day. */
export const firstDay = (month: Month): Date => new Date(`${month}-01`)

/** Returns the month that the database stores as this day. */
export const monthOfDay = (day: Date): Month => day.toISOString().slice(0, 7) as Month

/** Returns the fraction of its month that has passed when a local date begins. */
export function fractionPassed(date: string): number {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number]
  return (day - 1) / new Date(Date.UTC(year, month, 0)).getUTCDate()
}

export function monthsLater(month: Month, months: number): Month {
  const day = firstDay(month)
  day.setUTCMonth(day.getUTCMonth() + months)
  return monthOfDay(day)
}

/** The answers that an agency kept out of its figures in a month, over every version, rounded down to the ten. */
export interface SameNetworkMonth {
  readonly agencyId: string
  readonly month: Month
  readonly answers: number
}

export function sameNetworkBy(rows: readonly SameNetworkMonth[]): Map<string, number> {
  const sums = new Map<string, number>()
  for (const { agencyId, answers } of rows) sums.set(agencyId, (sums.get(agencyId) ?? 0) + answers)
  return sums
}

/** Returns the month from which another counting rule applies; the months before and after have control limits of their own. */
export const ruleCuts = (since: string | null): Month[] =>
  since === null ? [] : [since.slice(0, 7) as Month]

export interface Sample {
  readonly top: number
  readonly base: number
}

/** The chance of calling any agency of a group different when none is. */
const ALPHA = 0.05

/**
 * Returns the two-sided p-value of two shares being the same, by the score test with the pooled share: Pearson's χ² for
 * a two-by-two table, K. Pearson, Phil. Mag. 50 (1900) 157–175, times (N − 1)/N as in E. S. Pearson, Biometrika 34
 * (1947) 139–167. I. Campbell, Statist. Med. 26 (2007) 3661–3675, recommends that form where every expected number is 1
 * or more. Where one is less, the test cannot tell the shares apart, and the result is 1.
 *
 * @param dispersion divides χ², because the answers are not independent (Spiegelhalter 2005)
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
 * Returns p-values adjusted by Holm's method for testing several at once. If every adjusted value of 0.05 or less is
 * called a difference, the chance that any such call of the family is wrong is at most 0.05, even when the tests depend
 * on one another. S. Holm, "A simple sequentially rejective multiple test procedure", Scand. J. Statist. 6 (1979)
 * 65–70; in adjusted form S. P. Wright, Biometrics 48 (1992) 1005–1013.
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

/** The smallest difference from the others that counts as one: one person in ten. */
export const SMALLEST_DIFFERENCE = 0.1

/** An agency's position beside the rest of its group. It is never a rank, since neighbours in a ranking mostly do not differ. */
export type Band = 'above' | 'same' | 'below'

/**
 * Compares each agency of a group with all others of the group taken together. Null for an agency with fewer than
 * {@link MIN_COMPARED} answers, and where the others have fewer. Where not all agencies existed at the same time,
 * `together` says which pairs did. Only those count as an agency's others, and agencies connected by such pairs form
 * one family for Holm's method. A difference below {@link SMALLEST_DIFFERENCE} never counts, however certain it is.
 *
 * @param dispersion by how much answers vary more than independent ones
 */
export const bands = (...of: Parameters<typeof compare>): (Band | null)[] =>
  compare(...of).map((found) => found?.band ?? null)

interface Comparison {
  readonly band: Band
  /** The smallest difference that would have counted: beyond chance, and not below {@link SMALLEST_DIFFERENCE}. */
  readonly visible: number
}

/** Returns each agency's band and smallest visible difference; null for those that are not compared. */
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
      // In floating point, 0.9 - 0.8 is a little less than 0.1.
      const matters = Math.round(Math.abs(difference) * 1e9) >= SMALLEST_DIFFERENCE * 1e9
      const apart = (adjusted[n] ?? 1) <= ALPHA && matters
      const band = apart ? (difference > 0 ? 'above' : 'below') : 'same'
      found[at] = { band, visible: visibleDifference(sample, rest, family.length, dispersion) }
    })
  }
  return found
}

/** Returns the smallest difference that Holm's first step would find, with this many answers on both sides. */
function visibleDifference(sample: Sample, rest: Sample, tests: number, dispersion: number): number {
  const share = (sample.top + rest.top) / (sample.base + rest.base)
  const spread = Math.sqrt(dispersion * share * (1 - share) * (1 / sample.base + 1 / rest.base))
  return Math.min(1, Math.max(SMALLEST_DIFFERENCE, twoSidedQuantile(ALPHA / tests) * spread))
}

/** Splits items into the connected components of a symmetric relation. */
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

/** Formats a share in whole per cent: its interval is never so narrow that decimals would mean anything. */
export const percent = (locale: 'vi' | 'en', share: number): string => forms[locale].format(share)

const signed = {
  vi: new Intl.NumberFormat('vi-VN', { maximumFractionDigits: 0, signDisplay: 'exceptZero' }),
  en: new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0, signDisplay: 'exceptZero' }),
}

export const points = (locale: 'vi' | 'en', difference: number) => signed[locale].format(difference * 100)

export const writeFigure = (written: Figure['written'], locale: 'vi' | 'en', value: number): string =>
  written === 'percent' ? percent(locale, value) : points(locale, value)

const wholes = { vi: new Intl.NumberFormat('vi-VN'), en: new Intl.NumberFormat('en-GB') }

export const people = (locale: 'vi' | 'en', count: number): string => wholes[locale].format(count)

const english = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' })

/** Formats a month: 11/2026 in Vietnamese, Nov 2026 in English. */
export const monthLabel = (locale: 'vi' | 'en', month: Month): string =>
  locale === 'vi' ? `${month.slice(5)}/${month.slice(0, 4)}` : english.format(firstDay(month))
