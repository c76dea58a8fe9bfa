import type { Sample } from './comparison.ts'

/** The fewest months that limits are drawn for; fewer say too little of what is usual. */
export const MONTHS_FOR_LIMITS = 6

export interface ControlLimits {
  readonly low: number
  readonly high: number
}

export interface ControlChart {
  /** The share over all months: the centre line. */
  readonly centre: number
  /** The limits of each month: the fewer answers, the wider. */
  readonly limits: readonly ControlLimits[]
}

/**
 * Returns a p-chart: the share over all months and, for each, three standard deviations of chance to either side,
 * between 0 and 1. W. A. Shewhart, "Economic Control of Quality of Manufactured Product" (1931); as in the
 * NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.3.2. A month beyond its limits is worth asking about: chance
 * alone does that about three times in a thousand.
 *
 * @returns null for fewer than {@link MONTHS_FOR_LIMITS} months
 */
export function controlChart(months: readonly Sample[]): ControlChart | null {
  if (months.length < MONTHS_FOR_LIMITS) return null
  const top = months.reduce((sum, month) => sum + month.top, 0)
  const base = months.reduce((sum, month) => sum + month.base, 0)
  if (base === 0) return null
  const centre = top / base
  const limits = months.map((month) => {
    const far = 3 * Math.sqrt((centre * (1 - centre)) / Math.max(1, month.base))
    return { low: Math.max(0, centre - far), high: Math.min(1, centre + far) }
  })
  return { centre, limits }
}
