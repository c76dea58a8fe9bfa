import type { Month } from '#domain/survey/month.ts'
import { type Interval, wilson } from '#domain/survey/wilson.ts'
import { EVENTS, KINDS, type Measure } from './measures.ts'

export type Counts = Partial<Record<Measure, number>>

/** What is published of one row in some months. */
export interface Facts {
  readonly robbed: number
  readonly snatched: number
  readonly stolen: number
  readonly lost: number
  readonly reported: number
  /** Of those reported, how many phones were blocked within 14 days. */
  readonly blockedInTime: number
  readonly share: (Interval & { readonly value: number }) | null
  readonly verified: number
  readonly blocked: number
  readonly recovered: number
  readonly wrong: number
}

/** Below this, what rounding moves is as much as what a share would tell. */
const ENOUGH_FOR_SHARE = 100

/** Reads the counts as people do: reports by kind, what became of them, what else happened. */
export function factsOf(counts: Counts): Facts {
  const of = (measure: Measure): number => counts[measure] ?? 0
  const kinds = KINDS.map((kind) => [kind, of(`${kind}_blocked`) + of(`${kind}_open`)] as const)
  const reported = kinds.reduce((sum, [, count]) => sum + count, 0)
  const blockedInTime = KINDS.reduce((sum, kind) => sum + of(`${kind}_blocked`), 0)
  return {
    ...(Object.fromEntries(kinds) as Pick<Facts, (typeof KINDS)[number]>),
    reported,
    blockedInTime,
    share:
      reported < ENOUGH_FOR_SHARE
        ? null
        : { value: blockedInTime / reported, ...wilson(blockedInTime, reported) },
    ...(Object.fromEntries(EVENTS.map((measure) => [measure, of(measure)])) as Pick<
      Facts,
      (typeof EVENTS)[number]
    >),
  }
}

/** Published counts of one measure in one month, by row. */
export interface Cells {
  readonly month: Month
  readonly measure: Measure
  readonly shown: Readonly<Record<string, number>>
}

/** Adds up what is published: of one row or, without one, of all; in the months that are asked for. */
export function sumOf(cells: readonly Cells[], months: readonly Month[], row: string | null): Facts {
  const counts: Counts = {}
  for (const { month, measure, shown } of cells) {
    if (!months.includes(month)) continue
    const told =
      row === null ? Object.values(shown).reduce((sum, count) => sum + count, 0) : (shown[row] ?? 0)
    counts[measure] = (counts[measure] ?? 0) + told
  }
  return factsOf(counts)
}

/** How fast one carrier carried out the orders of one month. */
export interface CarrierFacts {
  readonly month: Month
  readonly carrierId: string
  readonly name: string
  /** Null with everything else where there were fewer than ten. */
  readonly orders: number | null
  readonly share: (Interval & { readonly value: number }) | null
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

/** Suppresses what stands on too few orders. No total is told of them, so that nothing can be subtracted. */
export function carrierFacts({ within24h, ...told }: CarrierCounts): CarrierFacts {
  if (told.orders < FEWEST_ORDERS) {
    return { ...told, orders: null, share: null, medianSeconds: null, p90Seconds: null }
  }
  return { ...told, share: { value: within24h / told.orders, ...wilson(within24h, told.orders) } }
}
