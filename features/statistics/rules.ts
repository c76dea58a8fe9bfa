import type { Month } from '#features/results/rules.ts'
import { fromLocal, type Instant } from '#lib/time.ts'

/**
 * The published numbers of one row in some months. Each count is rounded separately, so `reported` is not the sum of
 * the kinds.
 */
export interface Facts {
  readonly robbed: number
  readonly snatched: number
  readonly stolen: number
  readonly lost: number
  readonly reported: number
  /** Blocked within {@link BLOCKED_WITHIN_DAYS} days. */
  readonly blockedInTime: number
  /**
   * `blockedInTime` as a share in whole hundredths, 0 to 1, from the true counts of the whole city; rounding keeps it
   * within half a hundredth of the truth. Null for a single row, and where fewer than {@link ENOUGH_FOR_SHARE} reports
   * are published.
   */
  readonly share: number | null
  readonly verified: number
  readonly blocked: number
  readonly recovered: number
  readonly wrong: number
}

/**
 * Below this, a share would reveal more about few people than their rounded counts do. It is compared with the
 * published count, so that the comparison itself reveals nothing.
 */
export const ENOUGH_FOR_SHARE = 100

/** Returns a share in whole hundredths; null where `whole` is 0. */
const shareOf = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((100 * part) / whole) / 100

/** One measure of one month: the published count of each row, and the true count of all rows, which is used only for shares. */
export interface Cells {
  readonly month: Month
  readonly measure: MonthMeasure
  readonly shown: Readonly<Record<string, number>>
  readonly counted: number
}

/** Adds up published counts over the given months, of one row or, without one, of all. */
export function sumOf(cells: readonly Cells[], months: readonly Month[], row: string | null): Facts {
  const asked = cells.filter(({ month }) => months.includes(month))
  const told = (measure: MonthMeasure): number =>
    asked
      .filter((one) => one.measure === measure)
      .flatMap(({ shown }) => (row === null ? Object.values(shown) : [shown[row] ?? 0]))
      .reduce((sum, count) => sum + count, 0)
  const truly = (measure: MonthMeasure): number =>
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

export interface CarrierFacts {
  readonly month: Month
  readonly carrierId: string
  readonly name: string
  /** Null, like all other figures, for fewer than ten orders. */
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

export const FEWEST_ORDERS = 10

/** Suppresses figures on too few orders. No total is published, so that nothing can be subtracted. */
export function carrierFacts({ within24h, ...told }: CarrierCounts): CarrierFacts {
  if (told.orders < FEWEST_ORDERS) {
    return { ...told, orders: null, share: null, medianSeconds: null, p90Seconds: null }
  }
  return { ...told, share: shareOf(within24h, told.orders) }
}

export interface CountedMeasure {
  readonly row: string
  readonly measure: MonthMeasure
  readonly count: number
}

export interface MeasureColumn {
  readonly split: Split
  readonly measure: MonthMeasure
  readonly shown: Readonly<Record<string, number>>
  /** The remainder carried over to the next month. */
  readonly carry: number
  /** The true count of all rows together. It is never published, and used only for shares. */
  readonly counted: number
}

/** The remainders carried over from the month before, by split and measure. */
export type Carries = ReadonlyMap<string, number>
export const carryKey = ({ split, measure }: Pick<MeasureColumn, 'split' | 'measure'>): string =>
  `${split} ${measure}`

/** Returns every column of a month. Each is rounded separately, the totals too, so that all have the same error bound. */
export const columnsOf = (
  rows: Readonly<Record<Split, readonly string[]>>,
  counted: Readonly<Record<Split, readonly CountedMeasure[]>>,
  carries: Carries,
): MeasureColumn[] =>
  (Object.keys(SPLITS) as Split[]).flatMap((split) =>
    SPLITS[split].map((measure) => columnOf(split, measure, rows[split], counted[split], carries)),
  )

function columnOf(
  split: Split,
  measure: MonthMeasure,
  rows: readonly string[],
  counted: readonly CountedMeasure[],
  carries: Carries,
): MeasureColumn {
  const countOf = (row: string) =>
    counted.find((one) => one.row === row && one.measure === measure)?.count ?? 0
  const counts = rows.map(countOf)
  const { shown, carry } = columnInFives(counts, carries.get(carryKey({ split, measure })) ?? 0)
  const told = rows.map((row, at) => [row, shown[at] ?? 0] as const).filter(([, fives]) => fives > 0)
  return {
    split,
    measure,
    shown: Object.fromEntries(told),
    carry,
    counted: counts.reduce((sum, count) => sum + count, 0),
  }
}

/** Public counts come in these steps. */
export const UNIT = 5

/**
 * Returns the published counts of a column. The true counts are laid end to end, and each row gets the fives that are
 * full by its end. The remainder passes to the next row, and from the last row to the next month. So every total is the
 * sum of its rows and within four of the truth, nothing is lost, and a single row is known only to within four of the
 * published count (docs/adr/0017).
 */
export function columnInFives(
  counts: readonly number[],
  carry: number,
): {
  /** The published count for each true one. */
  readonly shown: readonly number[]
  readonly carry: number
} {
  let rest = carry
  const shown = counts.map((count) => {
    const full = Math.floor((rest + count) / UNIT) * UNIT
    rest += count - full
    return full
  })
  return { shown, carry: rest }
}

export const LOSS_KINDS = ['robbed', 'snatched', 'stolen', 'lost'] as const
export type LossKind = (typeof LOSS_KINDS)[number]

/**
 * The measures of a month, each a column that is rounded separately: reports of each kind, and all reports. To these
 * come reports whose phone was blocked in time, and events of the month, however old the report is.
 */
export const REPORTS = [...LOSS_KINDS, 'reported'] as const
const EVENTS = ['verified', 'blocked', 'recovered', 'wrong'] as const
export type MonthMeasure = (typeof REPORTS)[number] | 'in_time' | (typeof EVENTS)[number]

/** The ways in which a month's counts are split into rows: by the police area of the case, or by the hour of the incident. */
export const SPLITS = { area: [...REPORTS, 'in_time', ...EVENTS], hour: REPORTS } as const satisfies Record<
  string,
  readonly MonthMeasure[]
>
export type Split = keyof typeof SPLITS

/** `00` to `23`. */
export const HOURS: readonly string[] = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'))

/** A report counts as blocked when every carrier has done so within this time, which leaves room for police questions. */
export const BLOCKED_WITHIN_DAYS = 14

export function beginOf(month: Month): Instant {
  const begin = fromLocal(Number(month.slice(0, 4)), Number(month.slice(5)), 1, 0, 0)
  if (begin === null) throw new RangeError(`no month: ${month}`)
  return begin
}
