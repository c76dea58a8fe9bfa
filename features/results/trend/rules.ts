import { type ControlLimits, type Figure, TOP_TWO } from '../figure-rules.ts'
import { fractionPassed, type Month, monthsLater } from '../rules.ts'
import { addBy, type Counts, type Share, total } from '../tally-rules.ts'

export interface MonthCounts {
  readonly month: Month
  readonly counts: Counts
}

export const addUpMonths = (months: readonly MonthCounts[]): MonthCounts[] =>
  [...addBy(months, ({ month }) => month)].map(([month, counts]) => ({ month, counts }))

export interface TrendPoint {
  readonly month: Month
  readonly responses: number
  /** Null where the question applied to fewer than ten people. */
  readonly share: Share | null
  /** The limits within which chance alone would move the share of such a month. */
  readonly limits: ControlLimits | null
  /** Beyond its limits, so worth asking why. */
  readonly outside: boolean
}

/** Comparable months: those between two reorganisations. */
export interface TrendSeries {
  /** The share of its first months, from which its limits are computed; null where they are too few. */
  readonly centre: number | null
  readonly points: readonly TrendPoint[]
}

export interface CityTrend {
  readonly own: readonly TrendSeries[]
  /** The local dates, within the trend, on which tasks moved between agencies. */
  readonly breaks: readonly string[]
  /** The local date since which only one answer per network and day counts; null where that is the whole trend. */
  readonly rule: string | null
}

export const shownFrom = (all: readonly TrendSeries[], from: Month): TrendSeries[] =>
  all
    .map((one) => ({ ...one, points: one.points.filter(({ month }) => month >= from) }))
    .filter(({ points }) => points.length > 0)

/** The number of months that a trend shows, the current one included. */
export const TREND_MONTHS = 24

function series(months: readonly MonthCounts[], figure: Figure, dispersion: number): TrendSeries {
  const chart = figure.chart(
    months.map(({ counts }) => counts),
    dispersion,
  )
  const points = months.map(({ month, counts }, at) => {
    const share = figure.of({ counts, dispersion })
    const limits = chart?.limits[at] ?? null
    const outside =
      share !== null && limits !== null && (share.value < limits.low || share.value > limits.high)
    return { month, responses: total(counts), share, limits, outside }
  })
  return { centre: chart?.centre ?? null, points }
}

/** Returns the trend, cut at each reorganisation: the months before it are another office's, with limits of their own. */
export function computeTrend(
  months: readonly MonthCounts[],
  breaks: readonly Month[] = [],
  figure: Figure = TOP_TWO,
  dispersion = 1,
): TrendSeries[] {
  const ordered = months.toSorted((a, b) => (a.month < b.month ? -1 : 1))
  const cuts = [...new Set(breaks)].toSorted()
  const part = (month: Month) => cuts.filter((cut) => cut <= month).length
  return Array.from({ length: cuts.length + 1 }, (_, at) => ordered.filter(({ month }) => part(month) === at))
    .filter((some) => some.length > 0)
    .map((some) => series(some, figure, dispersion))
}

const PLOT = { left: 40, right: 8, top: 26, bottom: 40 } as const

export interface TrendScale {
  readonly width: number
  readonly height: number
  readonly plot: {
    readonly left: number
    readonly right: number
    readonly top: number
    readonly bottom: number
  }
  readonly months: readonly Month[]
  /** Half of a month's width; the drawing begins and ends there. */
  readonly half: number
  readonly ticks: readonly number[]
  x(month: Month): number
  /** Returns the position where a local date begins. */
  day(on: string): number
  y(share: number): number
}

const tenth = (value: number) => Math.round(value * 10) / 10

/** Returns the range of shares to draw, in round tenths around all points, and wide enough that noise does not look like news. */
function domainOf(points: readonly TrendPoint[], [least, most]: Figure['range']): readonly [number, number] {
  const drawn = points.flatMap(({ share, limits }) =>
    [share, limits].flatMap((one) => (one ? [one.low, one.high] : [])),
  )
  const high = Math.min(most, tenth(Math.ceil(Math.max(...drawn, (least + most) / 2) * 10) / 10))
  const low = Math.max(least, Math.min(tenth(Math.floor(Math.min(...drawn, most) * 10) / 10), high - 0.3))
  return [tenth(low), high]
}

export function monthsBetween(first: Month, last: Month): Month[] {
  const months: Month[] = []
  for (let month = first; month <= last; month = monthsLater(month, 1)) months.push(month)
  return months
}

/** Returns the layout of a chart of some months; null where there is nothing to draw. */
export function trendScale(
  series: readonly TrendSeries[],
  months: readonly Month[],
  width: number,
  height: number,
  { range }: Pick<Figure, 'range'> = TOP_TWO,
): TrendScale | null {
  const shown = new Set(months)
  const points = series.flatMap((one) => one.points.filter(({ month }) => shown.has(month)))
  if (points.length === 0 || months.length === 0) return null
  const [low, high] = domainOf(points, range)
  const plot = { left: PLOT.left, right: width - PLOT.right, top: PLOT.top, bottom: height - PLOT.bottom }
  const round = (value: number) => Math.round(value * 10) / 10
  const half = (plot.right - plot.left) / months.length / 2
  const begin = (month: string) => plot.left + months.indexOf(month as Month) * 2 * half
  const step = high - low > 0.5 ? 0.2 : 0.1
  const ticks = Array.from({ length: Math.floor((high - low) / step + 1e-9) + 1 }, (_, at) =>
    tenth(high - at * step),
  )
  return {
    width,
    height,
    plot,
    months,
    half,
    ticks,
    x: (month) => round(begin(month) + half),
    day: (on) => round(begin(on.slice(0, 7)) + fractionPassed(on) * 2 * half),
    y: (share) => round(plot.bottom - ((share - low) / (high - low)) * (plot.bottom - plot.top)),
  }
}
