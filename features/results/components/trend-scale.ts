import { fractionPassed, type Month, monthsLater } from '../rules/month.ts'
import type { TrendPoint, TrendSeries } from '../rules/trend.ts'

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
  /** Half of what a month takes across; drawn things begin and end there. */
  readonly half: number
  readonly ticks: readonly number[]
  /** Returns the middle of a month. */
  x(month: Month): number
  /** Returns the place where a local date begins. */
  day(on: string): number
  y(share: number): number
}

const tenth = (value: number) => Math.round(value * 10) / 10

/**
 * Returns the range of shares to draw: from a round tenth below everything drawn to one above it, and never so
 * little apart that noise looks like news.
 */
function domainOf(points: readonly TrendPoint[]): readonly [number, number] {
  const drawn = points.flatMap(({ share, limits }) =>
    [share, limits].flatMap((one) => (one ? [one.low, one.high] : [])),
  )
  const high = Math.min(1, tenth(Math.ceil(Math.max(...drawn, 0.5) * 10) / 10))
  const low = Math.max(0, Math.min(tenth(Math.floor(Math.min(...drawn, 1) * 10) / 10), high - 0.3))
  return [tenth(low), high]
}

/** Returns every month from the first to the last, also those in which nothing became public. */
export function monthsBetween(first: Month, last: Month): Month[] {
  const months: Month[] = []
  for (let month = first; month <= last; month = monthsLater(month, 1)) months.push(month)
  return months
}

/** Returns where things stand in a chart of some months; null where there is nothing to draw. */
export function trendScale(
  series: readonly TrendSeries[],
  months: readonly Month[],
  width: number,
  height: number,
): TrendScale | null {
  const shown = new Set(months)
  const points = series.flatMap((one) => one.points.filter(({ month }) => shown.has(month)))
  if (points.length === 0 || months.length === 0) return null
  const [low, high] = domainOf(points)
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
