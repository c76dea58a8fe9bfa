import { type Interval, wilson } from './wilson.ts'

/** How many chose each option, by option code. Options that nobody chose may be missing. */
export type Counts = Readonly<Record<string, number>>

export interface Share extends Interval {
  /** The share of the top two, 0 to 1. */
  readonly satisfied: number
  /** Of how many: those to whom the question applied. */
  readonly base: number
}

export const total = (counts: Counts): number => Object.values(counts).reduce((sum, count) => sum + count, 0)

export function add(a: Counts, b: Counts): Counts {
  const sum: Record<string, number> = { ...a }
  for (const [code, count] of Object.entries(b)) sum[code] = (sum[code] ?? 0) + count
  return sum
}

/**
 * The share of 4 and 5 ("top two") on a scale of 1 to 5, among those to whom the question applied (`na` is out of
 * it), with its interval; null below ten of them.
 */
export function topTwo(counts: Counts): Share | null {
  const base = total(counts) - (counts.na ?? 0)
  if (base < 10) return null
  const top = (counts['4'] ?? 0) + (counts['5'] ?? 0)
  return { satisfied: top / base, base, ...wilson(top, base) }
}
