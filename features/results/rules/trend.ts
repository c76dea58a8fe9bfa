import { type ControlLimits, controlChart } from './control-chart.ts'
import { type Counts, type Share, topTwo, topTwoOf, total } from './distribution.ts'
import type { Month } from './month.ts'

/** The answers that became public in one month. */
export interface MonthCounts {
  readonly month: Month
  readonly counts: Counts
}

export interface TrendPoint {
  readonly month: Month
  readonly responses: number
  /** Null where the question applied to fewer than ten. */
  readonly share: Share | null
  /** The limits between which chance alone would move the share of such a month. */
  readonly limits: ControlLimits | null
  /** Beyond its limits: worth asking why. */
  readonly outside: boolean
}

/** Months that can be compared with each other: between two reorganisations. */
export interface TrendSeries {
  /** The share of all its months; null where they are too few for limits. */
  readonly centre: number | null
  readonly points: readonly TrendPoint[]
}

/** A trend over all agencies. */
export interface CityTrend {
  readonly own: readonly TrendSeries[]
  /** The days within it on which tasks went from some agencies to others, as local dates. */
  readonly breaks: readonly string[]
}

/** The number of months that a trend shows, this one included. */
export const TREND_MONTHS = 24

function series(months: readonly MonthCounts[]): TrendSeries {
  const chart = controlChart(months.map(({ counts }) => topTwoOf(counts)))
  const points = months.map(({ month, counts }, at) => {
    const share = topTwo(counts)
    const limits = chart?.limits[at] ?? null
    const outside = share !== null && limits !== null && isOutside(share.satisfied, limits)
    return { month, responses: total(counts), share, limits, outside }
  })
  return { centre: chart?.centre ?? null, points }
}

const isOutside = (share: number, { low, high }: ControlLimits): boolean => share < low || share > high

/**
 * Returns the trend of some months, cut into series at each reorganisation: the months before one are another office's
 * work, and have a centre and limits of their own. The month of a reorganisation belongs to the series after it.
 */
export function trend(months: readonly MonthCounts[], breaks: readonly Month[] = []): TrendSeries[] {
  const ordered = months.toSorted((a, b) => (a.month < b.month ? -1 : 1))
  const cuts = [...new Set(breaks)].toSorted()
  const part = (month: Month) => cuts.filter((cut) => cut <= month).length
  return Array.from({ length: cuts.length + 1 }, (_, at) => ordered.filter(({ month }) => part(month) === at))
    .filter((some) => some.length > 0)
    .map(series)
}
