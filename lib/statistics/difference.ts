import { type Interval, wilsonInterval } from './wilson.ts'

/** A share: `top` of `base` people. */
export interface ShareOf {
  readonly top: number
  readonly base: number
}

/**
 * Returns the 95 % interval of the difference of two independent shares, `now` less `before`, from the score intervals of
 * both: R. G. Newcombe, "Interval estimation for the difference between independent proportions", Statist. Med. 17 (1998)
 * 873–890, method 10. `base` of either is 1 or more.
 *
 * @param dispersion as of `wilsonInterval`
 */
export function differenceInterval(now: ShareOf, before: ShareOf, dispersion = 1): Interval {
  const [p, q] = [now.top / now.base, before.top / before.base]
  const [a, b] = [now, before].map(({ top, base }) => wilsonInterval(top, base, dispersion)) as [
    Interval,
    Interval,
  ]
  return {
    low: p - q - Math.hypot(p - a.low, b.high - q),
    high: p - q + Math.hypot(a.high - p, q - b.low),
  }
}

/**
 * Returns the difference of two shares over strata in which both were found, `now` less `before`. Each stratum weighs n·m/(n + m)
 * as in N. Mantel, W. Haenszel, J. Natl. Cancer Inst. 22 (1959) 719–748. The 95 % interval comes from the score intervals of
 * every share (G. Y. Zou, A. Donner, Statist. Med. 27 (2008) 1693–1702); for one stratum it is that of
 * {@link differenceInterval}. Null without strata. `base` of all is 1 or more.
 *
 * @param dispersion as of `wilsonInterval`
 */
export function stratifiedDifference(
  strata: readonly { readonly now: ShareOf; readonly before: ShareOf }[],
  dispersion = 1,
): (Interval & { readonly value: number }) | null {
  if (strata.length === 0) return null
  const weights = strata.map(({ now, before }) => (now.base * before.base) / (now.base + before.base))
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  let [value, below, above] = [0, 0, 0]
  for (const [at, { now, before }] of strata.entries()) {
    const weight = (weights[at] ?? 0) / all
    const [p, q] = [now.top / now.base, before.top / before.base]
    const [a, b] = [now, before].map(({ top, base }) => wilsonInterval(top, base, dispersion)) as [
      Interval,
      Interval,
    ]
    value += weight * (p - q)
    below += (weight * Math.hypot(p - a.low, b.high - q)) ** 2
    above += (weight * Math.hypot(a.high - p, q - b.low)) ** 2
  }
  return { value, low: value - Math.sqrt(below), high: value + Math.sqrt(above) }
}
