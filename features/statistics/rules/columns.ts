import { inFives } from './fives.ts'
import { type Measure, SPLITS, type Split } from './measures.ts'

/** The count of one measure in one row. */
export interface Counted {
  readonly row: string
  readonly measure: Measure
  readonly count: number
}

/** One measure of one month, as it is stored. */
export interface Column {
  readonly split: Split
  readonly measure: Measure
  /** The number that is told of each row; a row that is not here has none. */
  readonly shown: Readonly<Record<string, number>>
  /** The remainder that is left over for the next month. */
  readonly carry: number
  /** The true number of all rows together: shares are worked out from it, and it is never told. */
  readonly counted: number
}

/** The remainders that the month before left over, by split and measure. */
export type Carries = ReadonlyMap<string, number>
export const carryKey = ({ split, measure }: Pick<Column, 'split' | 'measure'>): string =>
  `${split} ${measure}`

/** Returns every column of a month: each is rounded by itself, the totals too, so that each keeps the same bound. */
export const columnsOf = (
  rows: Readonly<Record<Split, readonly string[]>>,
  counted: Readonly<Record<Split, readonly Counted[]>>,
  carries: Carries,
): Column[] =>
  (Object.keys(SPLITS) as Split[]).flatMap((split) =>
    SPLITS[split].map((measure) => columnOf(split, measure, rows[split], counted[split], carries)),
  )

function columnOf(
  split: Split,
  measure: Measure,
  rows: readonly string[],
  counted: readonly Counted[],
  carries: Carries,
): Column {
  const countOf = (row: string) =>
    counted.find((one) => one.row === row && one.measure === measure)?.count ?? 0
  const counts = rows.map(countOf)
  const { shown, carry } = inFives(counts, carries.get(carryKey({ split, measure })) ?? 0)
  const told = rows.map((row, at) => [row, shown[at] ?? 0] as const).filter(([, fives]) => fives > 0)
  return {
    split,
    measure,
    shown: Object.fromEntries(told),
    carry,
    counted: counts.reduce((sum, count) => sum + count, 0),
  }
}
