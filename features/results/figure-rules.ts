import type { Interval } from '#lib/statistics/wilson.ts'
import type { Sample } from './rules.ts'
import { type Counted, type Counts, type Share, topTwo, topTwoOf } from './tally-rules.ts'

export interface Difference extends Interval {
  readonly value: number
}

/** The one figure that the answers to a question come to, and what pages, papers and the open data make of it. */
export interface Figure {
  /** Its name in the open data; with `_low` and `_high` behind it, that of its bounds. */
  readonly name: 'satisfied'
  /** Returns it; null below ten people to whom the question applied. */
  readonly of: (counted: Counted) => Share | null
  /** Returns the figure of some answers less that of others; null where either has none. */
  readonly difference: (a: Counted, b: Counted) => Difference | null
  /** Returns its centre and the limits of chance, month by month; null where the months are too few. */
  readonly chart: (months: readonly Counts[], dispersion: number) => ControlChart | null
  /** Returns it as some of all people; null where it is none, so that shares cannot be tested against each other. */
  readonly sample: ((counts: Counts) => Sample) | null
  /** The least and the most that it can be. */
  readonly range: readonly [least: number, most: number]
  /** Written in per cent, or in points with their sign. */
  readonly written: 'percent' | 'points'
}

/** The share of the two best of a scale from 1 to 5. */
export const TOP_TWO: Figure = {
  name: 'satisfied',
  of: topTwo,
  difference: shareDifference,
  chart: (months, dispersion) => {
    const samples = months.map(topTwoOf)
    return controlChart(samples, samples.slice(0, BASELINE_MONTHS), dispersion)
  },
  sample: topTwoOf,
  range: [0, 1],
  written: 'percent',
}

/**
 * Returns the difference of two shares with its 95 % interval: R. G. Newcombe, "Interval estimation for the difference
 * between independent proportions", Statistics in Medicine 17 (1998) 873–890, method 10, from the Wilson interval of
 * each.
 */
function shareDifference(a: Counted, b: Counted): Difference | null {
  const [one, other] = [topTwo(a), topTwo(b)]
  if (one === null || other === null) return null
  const value = one.value - other.value
  return {
    value,
    low: value - Math.hypot(one.value - one.low, other.high - other.value),
    high: value + Math.hypot(one.high - one.value, other.value - other.low),
  }
}

/** The fewest months that limits are drawn for; fewer say too little of what is usual. */
const MONTHS_FOR_LIMITS = 6

/** Limits are drawn from so many months, the first of a series: what comes later does not move the limits of what was. */
export const BASELINE_MONTHS = 12

export interface ControlLimits {
  readonly low: number
  readonly high: number
}

interface ControlChart {
  /** The share over the baseline: the centre line. */
  readonly centre: number
  /** The limits of each month: the fewer answers, the wider. */
  readonly limits: readonly ControlLimits[]
}

/**
 * Returns a p-chart: the share over its baseline and, for each month, three standard deviations of chance to either side,
 * between 0 and 1. W. A. Shewhart, "Economic Control of Quality of Manufactured Product" (1931); as in the
 * NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.3.2. With a dispersion above 1 it is a p′-chart: D. B. Laney, "Improved
 * control charts for attributes", Qual. Eng. 14 (2002) 531–537, whose σ_z is the root of it. A month beyond its limits is
 * worth asking about: chance alone does that about three times in a thousand.
 *
 * @param baseline the months from which the centre is taken
 * @returns null for fewer than {@link MONTHS_FOR_LIMITS} months
 */
export function controlChart(
  months: readonly Sample[],
  baseline: readonly Sample[] = months,
  dispersion = 1,
): ControlChart | null {
  if (months.length < MONTHS_FOR_LIMITS) return null
  const top = baseline.reduce((sum, month) => sum + month.top, 0)
  const base = baseline.reduce((sum, month) => sum + month.base, 0)
  if (base === 0) return null
  const centre = top / base
  const limits = months.map((month) => {
    const far = 3 * Math.sqrt((dispersion * centre * (1 - centre)) / Math.max(1, month.base))
    return { low: Math.max(0, centre - far), high: Math.min(1, centre + far) }
  })
  return { centre, limits }
}
