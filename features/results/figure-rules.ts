import type { Interval } from '#lib/statistics/wilson.ts'
import type { Sample } from './rules.ts'
import { type Counted, type Counts, type Share, topTwo, topTwoOf } from './tally-rules.ts'

export interface Difference extends Interval {
  readonly value: number
}

/** A question's single summary figure, as pages, papers and the open data use it. */
export interface Figure {
  /** Its name in the open data; its bounds add `_low` and `_high`. */
  readonly name: 'satisfied'
  /** Null below ten people to whom the question applied. */
  readonly of: (counted: Counted) => Share | null
  /** Returns the figure of `a` minus that of `b`; null where either has none. */
  readonly difference: (a: Counted, b: Counted) => Difference | null
  /** Returns the centre and the control limits of each month; null for too few months. */
  readonly chart: (months: readonly Counts[], dispersion: number) => ControlChart | null
  /** Returns the satisfied people out of all; null where the figure is no share and cannot be tested as one. */
  readonly sample: ((counts: Counts) => Sample) | null
  readonly range: readonly [least: number, most: number]
  /** As per cent, or as signed points. */
  readonly written: 'percent' | 'points'
}

/** The share of the two best answers on a scale from 1 to 5. */
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

/** The fewest months for which limits are drawn; fewer do not show what is usual. */
const MONTHS_FOR_LIMITS = 6

/** Limits come from this many months, the first of a series, so that later months do not move the limits of earlier ones. */
export const BASELINE_MONTHS = 12

export interface ControlLimits {
  readonly low: number
  readonly high: number
}

interface ControlChart {
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
