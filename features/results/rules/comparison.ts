import { MIN_COMPARED } from '#lib/statistics/groups.ts'
import { twoSided } from '#lib/statistics/normal.ts'
import { type Counts, topTwoOf } from './distribution.ts'

/** Some people, and how many of them are satisfied. */
export interface Sample {
  readonly top: number
  readonly base: number
}

/** The chance of calling any agency of a group different when none is. */
const ALPHA = 0.05

/**
 * Returns the two-sided p-value of two shares being the same, by the score test with the pooled share: Pearson's χ² for
 * a two-by-two table, K. Pearson, Phil. Mag. 50 (1900) 157–175, times (N − 1)/N as E. S. Pearson, Biometrika 34 (1947)
 * 139–167, has it. I. Campbell, Statist. Med. 26 (2007) 3661–3675, recommends that form where every expected number is
 * 1 or more; where one is less there is nothing to tell them apart by, and the answer is 1.
 */
export function sameShare(a: Sample, b: Sample): number {
  const all = a.base + b.base
  const top = a.top + b.top
  const smallest = (Math.min(a.base, b.base) * Math.min(top, all - top)) / all
  if (!(smallest >= 1)) return 1
  const cross = a.top * (b.base - b.top) - b.top * (a.base - a.top)
  return twoSided(cross * Math.sqrt((all - 1) / (a.base * b.base * top * (all - top))))
}

/**
 * Returns p-values adjusted by Holm's method for testing several at once. Where every adjusted value of 0.05 or less is
 * called a difference, the chance that any such call of the family is wrong is at most 0.05, even where the tests
 * depend on one another. S. Holm, "A simple sequentially rejective multiple test procedure", Scand. J. Statist. 6
 * (1979) 65–70; in adjusted form S. P. Wright, Biometrics 48 (1992) 1005–1013.
 */
export function holmAdjusted(pValues: readonly number[]): number[] {
  const order = pValues.map((_, at) => at).toSorted((a, b) => (pValues[a] ?? 1) - (pValues[b] ?? 1))
  const adjusted = Array.from({ length: pValues.length }, () => 1)
  let largest = 0
  order.forEach((at, rank) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * (pValues[at] ?? 1)))
    adjusted[at] = largest
  })
  return adjusted
}

/** The position of an agency beside the rest of its group: never a rank, as most neighbours of a rank are not apart. */
export type Band = 'above' | 'same' | 'below'

/**
 * Compares each agency of a group with all others of the group taken together. Null for an agency with fewer than
 * {@link MIN_COMPARED} answers, and where the others have fewer. Where not all agencies existed at the same time, `together`
 * tells which pairs did: only those are the others of an agency, and agencies connected by such pairs form one family
 * for Holm's method.
 */
export function bands(
  headline: readonly Counts[],
  together: (a: number, b: number) => boolean = () => true,
): (Band | null)[] {
  const samples = headline.map(topTwoOf)
  const compared = samples.flatMap((sample, at) => {
    const rest = { top: 0, base: 0 }
    samples.forEach((other, n) => {
      if (n === at || !together(at, n)) return
      rest.top += other.top
      rest.base += other.base
    })
    return sample.base >= MIN_COMPARED && rest.base >= MIN_COMPARED ? [{ at, sample, rest }] : []
  })
  const found: (Band | null)[] = headline.map(() => null)
  for (const family of connected(compared, (a, b) => together(a.at, b.at))) {
    const adjusted = holmAdjusted(family.map(({ sample, rest }) => sameShare(sample, rest)))
    family.forEach(({ at, sample, rest }, n) => {
      const apart = (adjusted[n] ?? 1) <= ALPHA
      const above = sample.top / sample.base > rest.top / rest.base
      found[at] = apart ? (above ? 'above' : 'below') : 'same'
    })
  }
  return found
}

/** Splits some into what a symmetric relation connects, directly or through others. */
function connected<T>(all: readonly T[], related: (a: T, b: T) => boolean): readonly (readonly T[])[] {
  let parts: (readonly T[])[] = []
  for (const one of all) {
    const touched = parts.filter((part) => part.some((other) => related(one, other)))
    parts = [...parts.filter((part) => !touched.includes(part)), [...touched.flat(), one]]
  }
  return parts
}
