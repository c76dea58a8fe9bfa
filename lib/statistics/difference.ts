import type { Interval } from './wilson.ts'
import { wilsonInterval } from './wilson.ts'

/** Some people, and how many of them the share is of. */
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
