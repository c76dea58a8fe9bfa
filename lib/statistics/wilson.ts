/** The 0.975 quantile of the standard normal distribution, for two-sided 95 % intervals. */
const Z = 1.959963984540054

export interface Interval {
  readonly low: number
  readonly high: number
}

/**
 * Returns the 95 % score interval of a share: E. B. Wilson, "Probable inference, the law of succession, and statistical
 * inference", J. Am. Stat. Assoc. 22 (1927) 209–212, without continuity correction.
 *
 * @param successes whole, 0 to `n`
 * @param n whole; 0 knows nothing and gives [0, 1]
 */
export function wilsonInterval(successes: number, n: number): Interval {
  if (!Number.isInteger(successes) || !Number.isInteger(n) || successes < 0 || successes > n) {
    throw new RangeError(`no share: ${successes} of ${n}`)
  }
  if (n === 0) return { low: 0, high: 1 }
  const share = successes / n
  const weight = 1 + Z ** 2 / n
  const centre = (share + Z ** 2 / (2 * n)) / weight
  const half = (Z / weight) * Math.sqrt((share * (1 - share)) / n + Z ** 2 / (4 * n ** 2))
  // At the ends the bound is the share itself, and rounding must not move it past.
  return {
    low: successes === 0 ? 0 : Math.min(share, centre - half),
    high: successes === n ? 1 : Math.max(share, centre + half),
  }
}
