import { cellText, readSheet } from '#lib/sheet.ts'
import type { Instant } from '#lib/time.ts'
import { monthOf } from '../rules.ts'

/** The indices that officials know and that are shown beside an agency's figure. `scale`: a share of people, or points. */
export const MEASURES = {
  qd766: { scale: 'points' },
  sipas: { scale: 'share' },
  ddci: { scale: 'points' },
} as const
export type Measure = keyof typeof MEASURES
export const MEASURE_NAMES = Object.keys(MEASURES) as readonly Measure[]

/** The agency id of a row about the whole City. */
export const WHOLE_CITY = ''

export interface Benchmark {
  readonly agencyId: string
  readonly measure: Measure
  readonly period: string
  readonly value: number
  readonly ceiling: number
  readonly low: number | null
  readonly high: number | null
}

export const BENCHMARK_FAULTS = ['agency', 'measure', 'period', 'value', 'interval', 'repeated'] as const

const FIELDS = ['agency', 'measure', 'period', 'value', 'ceiling', 'low', 'high'] as const
const COLUMN_NAMES: Readonly<Record<string, (typeof FIELDS)[number]>> = {
  ...Object.fromEntries(FIELDS.map((field) => [field, field])),
  ...{
    coquan: 'agency',
    macoquan: 'agency',
    chiso: 'measure',
    ky: 'period',
    diem: 'value',
    toida: 'ceiling',
  },
  ...{ canduoi: 'low', cantren: 'high' },
}

/** Parses `83,5` and `83.5`; NaN for text that is not a number, null for an empty cell. */
function numberIn(cell: string): number | null {
  if (cell === '') return null
  const plain = cell.replace(/%$/, '').trim().replace(',', '.')
  return /^\d{1,4}(\.\d{1,4})?$/.test(plain) ? Number(plain) : Number.NaN
}

/** Returns the first and last month of a period (a year, a quarter or a month); null for any other text. */
function monthsOf(period: string): readonly [first: string, last: string] | null {
  const [, year, quarter, month] = /^(\d{4})(?:-Q([1-4])|-(0[1-9]|1[0-2]))?$/.exec(period) ?? []
  if (year === undefined) return null
  if (month !== undefined) return [period, period]
  const last = quarter === undefined ? 12 : 3 * Number(quarter)
  const written = (one: number) => `${year}-${String(one).padStart(2, '0')}`
  return [written(quarter === undefined ? 1 : last - 2), written(last)]
}

function hasBegun(period: string, now: Instant): boolean {
  const [first] = monthsOf(period) ?? []
  return first !== undefined && first >= '2010' && first <= monthOf(now)
}

/** Sorts the period that ends later first; of two that end together, the shorter one. */
export function byPeriod(a: { readonly period: string }, b: { readonly period: string }): number {
  const [[first, last], [from, until]] = [monthsOf(a.period) ?? ['', ''], monthsOf(b.period) ?? ['', '']]
  return until.localeCompare(last) || from.localeCompare(first)
}

export function readBenchmark(
  typed: Readonly<Record<(typeof FIELDS)[number], string>>,
  agencies: ReadonlySet<string>,
  now: Instant,
): Benchmark | (typeof BENCHMARK_FAULTS)[number] {
  const cell = (field: (typeof FIELDS)[number]) => cellText(typed[field])
  const agencyId = cell('agency')
  if (agencyId !== WHOLE_CITY && !agencies.has(agencyId)) return 'agency'
  const measure = MEASURE_NAMES.find((name) => name === cell('measure').toLowerCase())
  if (measure === undefined) return 'measure'
  const period = cell('period').toUpperCase()
  if (!hasBegun(period, now)) return 'period'
  const [value, ceiling, low, high] = (['value', 'ceiling', 'low', 'high'] as const).map((field) =>
    numberIn(cell(field)),
  ) as [number | null, number | null, number | null, number | null]
  const most = ceiling ?? 100
  if (value === null || !(most > 0 && value <= most)) return 'value'
  if ((low === null) !== (high === null)) return 'interval'
  if (low !== null && high !== null && !(low <= value && value <= high && high <= most)) return 'interval'
  return { agencyId, measure, period, value, ceiling: most, low, high }
}

export const readBenchmarkTable = (
  table: readonly (readonly string[])[],
  agencies: ReadonlySet<string>,
  now: Instant,
) =>
  readSheet(table, FIELDS, COLUMN_NAMES, 'value', (first) => /^\d/.test(first[3] ?? ''))?.map(
    ({ line, typed }) => ({ line, read: readBenchmark(typed, agencies, now) }),
  ) ?? null

/** Returns how far an index's share is from ours in points, and whether within our interval; null where it is no share. */
export function gapOf(
  { measure, value, ceiling }: Pick<Benchmark, 'measure' | 'value' | 'ceiling'>,
  ours: { readonly value: number; readonly low: number; readonly high: number } | null,
): { readonly points: number; readonly within: boolean } | null {
  if (ours === null || MEASURES[measure].scale !== 'share') return null
  const theirs = value / ceiling
  return {
    points: Math.round(100 * (theirs - ours.value)),
    within: ours.low <= theirs && theirs <= ours.high,
  }
}
