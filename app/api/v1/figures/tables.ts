import { csvLine } from '#domain/csv.ts'
import type { CarrierFacts } from '#domain/facts/facts.ts'
import { UNIT } from '#domain/facts/fives.ts'
import type { AreaMonth, PublicFacts } from '#server/facts/loaders.ts'

const areaJson = ({ month, area, nameVi, nameEn, ...facts }: AreaMonth) => ({
  month,
  area,
  name: { vi: nameVi, en: nameEn },
  ...facts,
})

const carrierJson = ({ month, carrierId, name, orders, share, medianSeconds, p90Seconds }: CarrierFacts) => ({
  month,
  carrier: carrierId,
  name,
  orders,
  suppressed: orders === null,
  share,
  medianSeconds,
  p90Seconds,
})

/** Everything that is public, as programs read it. */
export const figuresJson = (facts: PublicFacts | null, areas: readonly AreaMonth[]) => ({
  unit: UNIT,
  months: facts?.city ?? [],
  areas: areas.map(areaJson),
  hours: (facts?.hours ?? []).map(({ hour, robbed, snatched, stolen, lost, reported }) => ({
    hour,
    robbed,
    snatched,
    stolen,
    lost,
    reported,
  })),
  hoursOf: facts?.span ?? [],
  carriers: (facts?.carriers ?? []).map(carrierJson),
})
type FiguresJson = ReturnType<typeof figuresJson>

const COUNTS = [
  'robbed',
  'snatched',
  'stolen',
  'lost',
  'reported',
  'blockedInTime',
  'share',
  'verified',
  'blocked',
  'recovered',
  'wrong',
] as const
/** `blockedInTime` as columns are written. */
const column = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
const TIMES = ['orders', 'suppressed', 'share', 'medianSeconds', 'p90Seconds'] as const
const KINDS = ['robbed', 'snatched', 'stolen', 'lost', 'reported'] as const

/** Each table as lines of CSV; which one is asked for by its name. */
export const TABLES = {
  areas: ({ areas }: FiguresJson) => [
    ['month', 'area', 'name_vi', 'name_en', ...COUNTS.map(column)],
    ...areas.map((row) => [row.month, row.area, row.name.vi, row.name.en, ...COUNTS.map((key) => row[key])]),
  ],
  months: ({ months }: FiguresJson) => [
    ['month', ...COUNTS.map(column)],
    ...months.map((row) => [row.month, ...COUNTS.map((key) => row[key])]),
  ],
  hours: ({ hours }: FiguresJson) => [
    ['hour', ...KINDS],
    ...hours.map((row) => [row.hour, ...KINDS.map((key) => row[key])]),
  ],
  carriers: ({ carriers }: FiguresJson) => [
    ['month', 'carrier', 'name', ...TIMES.map(column)],
    ...carriers.map((row) => [row.month, row.carrier, row.name, ...TIMES.map((key) => row[key])]),
  ],
} as const
export type TableName = keyof typeof TABLES

export const tableNamed = (name: string | null): TableName =>
  (Object.keys(TABLES) as TableName[]).find((known) => known === name) ?? 'areas'

export const tableCsv = (figures: FiguresJson, table: TableName): string =>
  TABLES[table](figures).map(csvLine).join('')
