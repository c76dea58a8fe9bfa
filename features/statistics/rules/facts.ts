import type { Month } from '#features/results/rules/month.ts'
import { EVENTS, type Measure, REPORTS } from './measures.ts'

/**
 * The published numbers of one row in some months. Each count is rounded by itself, so `reported` is not the sum of the
 * kinds.
 */
export interface Facts {
  readonly robbed: number
  readonly snatched: number
  readonly stolen: number
  readonly lost: number
  readonly reported: number
  /** The number of reported phones that were blocked within 14 days. */
  readonly blockedInTime: number
  /**
   * The share of those in whole hundredths, 0 to 1, from the true counts of the whole city: within half of one of the truth.
   * Null for a single row, and where fewer than {@link ENOUGH_FOR_SHARE} are told.
   */
  readonly share: number | null
  readonly verified: number
  readonly blocked: number
  readonly recovered: number
  readonly wrong: number
}

/**
 * Below this, a share would tell of few people what their rounded counts do not. It is compared with the published
 * count, so that the comparison itself tells nothing.
 */
export const ENOUGH_FOR_SHARE = 100

/** Returns a share in whole hundredths; null where there is nobody. */
const shareOf = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((100 * part) / whole) / 100

/**
 * One measure of one month: the published count of each row, and the true count of all rows, which is used for shares
 * alone.
 */
export interface Cells {
  readonly month: Month
  readonly measure: Measure
  readonly shown: Readonly<Record<string, number>>
  readonly counted: number
}

/** Adds up published counts over the given months: of one row or, without one, of all. */
export function sumOf(cells: readonly Cells[], months: readonly Month[], row: string | null): Facts {
  const asked = cells.filter(({ month }) => months.includes(month))
  const told = (measure: Measure): number =>
    asked
      .filter((one) => one.measure === measure)
      .flatMap(({ shown }) => (row === null ? Object.values(shown) : [shown[row] ?? 0]))
      .reduce((sum, count) => sum + count, 0)
  const truly = (measure: Measure): number =>
    asked.filter((one) => one.measure === measure).reduce((sum, { counted }) => sum + counted, 0)
  const named = [...REPORTS, ...EVENTS].map((measure) => [measure, told(measure)] as const)
  const counts = Object.fromEntries(named) as Record<(typeof named)[number][0], number>
  const hasShare = row === null && counts.reported >= ENOUGH_FOR_SHARE
  return {
    ...counts,
    blockedInTime: told('in_time'),
    share: hasShare ? shareOf(truly('in_time'), truly('reported')) : null,
  }
}

/** The speed at which one carrier carried out the orders of one month. */
export interface CarrierFacts {
  readonly month: Month
  readonly carrierId: string
  readonly name: string
  /** Null with everything else where there were fewer than ten. */
  readonly orders: number | null
  /** The share that was carried out within 24 hours, in whole hundredths. */
  readonly share: number | null
  readonly medianSeconds: number | null
  readonly p90Seconds: number | null
}

export interface CarrierCounts {
  readonly month: Month
  readonly carrierId: string
  readonly name: string
  readonly orders: number
  readonly within24h: number
  readonly medianSeconds: number | null
  readonly p90Seconds: number | null
}

const FEWEST_ORDERS = 10

/** Suppresses figures on too few orders. No total is published, so that nothing can be subtracted. */
export function carrierFacts({ within24h, ...told }: CarrierCounts): CarrierFacts {
  if (told.orders < FEWEST_ORDERS) {
    return { ...told, orders: null, share: null, medianSeconds: null, p90Seconds: null }
  }
  return { ...told, share: shareOf(within24h, told.orders) }
}
