import { MIN_PUBLIC_GROUP } from '#lib/statistics/groups.ts'
import type { Interval } from '#lib/statistics/wilson.ts'
import { wilsonInterval } from '#lib/statistics/wilson.ts'

/** The number of people who chose each option, by option code. Options without people may be missing. */
export type Counts = Readonly<Record<string, number>>

/** Counts with their dispersion (`dispersion-rules.ts`), which is 1 where absent. */
export interface Counted {
  readonly counts: Counts
  readonly dispersion?: number
}

/** The answers to one question. Where several options may be chosen, the counts add up to more than the respondents. */
export interface Tally extends Counted {
  readonly respondents: number
}

export const withDispersion = <C extends Counted>(counted: C, dispersion: number): C =>
  dispersion === 1 ? counted : { ...counted, dispersion }

export const NO_TALLY: Tally = { respondents: 0, counts: {} }

export interface Share extends Interval {
  readonly value: number
  /** The number of people to whom the question applied. */
  readonly base: number
}

/** The people who chose one option, and their share of those who answered. */
export interface Chosen extends Interval {
  readonly count: number
  /** 0 to 1. */
  readonly share: number
}

/** Returns one option's people with the interval of its share; null where there are no answers. */
export function chosen({ respondents, counts, dispersion }: Tally, option: string): Chosen | null {
  if (respondents === 0) return null
  const count = counts[option] ?? 0
  return { count, share: count / respondents, ...wilsonInterval(count, respondents, dispersion) }
}

export const total = (counts: Counts): number => Object.values(counts).reduce((sum, count) => sum + count, 0)

export function add(a: Counts, b: Counts): Counts {
  const sum: Record<string, number> = { ...a }
  for (const [code, count] of Object.entries(b)) sum[code] = (sum[code] ?? 0) + count
  return sum
}

/** Adds up the counts of rows by a key of each. */
export function addBy<K, R extends { readonly counts: Counts }>(rows: readonly R[], keyOf: (row: R) => K) {
  const sums = new Map<K, Counts>()
  for (const row of rows) sums.set(keyOf(row), add(sums.get(keyOf(row)) ?? {}, row.counts))
  return sums
}

/** Adds up two tallies. The sum has no dispersion; the caller sets it again. */
export const addTally = (a: Tally, b: Tally): Tally => ({
  respondents: a.respondents + b.respondents,
  counts: add(a.counts, b.counts),
})

/** Returns how many people chose 4 or 5 on a scale of 1 to 5, and to how many the question applied (excluding `na`). */
export const topTwoOf = (counts: Counts): { readonly top: number; readonly base: number } => ({
  top: (counts['4'] ?? 0) + (counts['5'] ?? 0),
  base: total(counts) - (counts.na ?? 0),
})

/** Returns the share of 4 and 5 ("top two") with its interval; null below ten people to whom the question applied. */
export function topTwo({ counts, dispersion }: Counted): Share | null {
  const { top, base } = topTwoOf(counts)
  return base < MIN_PUBLIC_GROUP
    ? null
    : { value: top / base, base, ...wilsonInterval(top, base, dispersion) }
}
