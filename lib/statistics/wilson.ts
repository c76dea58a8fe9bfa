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
 * @param dispersion by how much answers vary more than independent ones: the interval is that of `n / dispersion` people (C.
 * Franco, R. J. A. Little, T. A. Louis, E. V. Slud, J. Surv. Stat. Methodol. 7 (2019) 334–364)
 */
export function wilsonInterval(successes: number, n: number, dispersion = 1): Interval {
  if (!Number.isInteger(successes) || !Number.isInteger(n) || successes < 0 || successes > n) {
    throw new RangeError(`no share: ${successes} of ${n}`)
  }
  if (n === 0) return { low: 0, high: 1 }
  return scoreInterval(successes / n, n / dispersion)
}

/** Returns the same interval for a weighted share that is worth `known` people of a plain sample (Franco et al.). */
export function scoreInterval(share: number, known: number): Interval {
  const weight = 1 + Z ** 2 / known
  const centre = (share + Z ** 2 / (2 * known)) / weight
  const half = (Z / weight) * Math.sqrt((share * (1 - share)) / known + Z ** 2 / (4 * known ** 2))
  // At the ends the bound is the share itself, and rounding must not move it past that.
  return {
    low: share === 0 ? 0 : Math.min(share, centre - half),
    high: share === 1 ? 1 : Math.max(share, centre + half),
  }
}
