import type { WorstDelay } from '#features/lateness/rules.ts'
import type { AreaMonth, PublicFacts } from '#features/statistics/data.ts'
import { type CarrierFacts, UNIT } from '#features/statistics/rules.ts'
import { FIGURE_COLUMNS, type FiguresAnswer, type TableName } from './schemas.ts'

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

function headlineJson(facts: PublicFacts | null): FiguresAnswer['headline'] {
  const [from, to] = [facts?.span[0], facts?.span.at(-1)]
  if (facts === null || from === undefined || to === undefined) return null
  const { blockedInTime, reported, share } = facts.spanTotal
  return { from, to, blockedInTime, reported, share }
}

export const monthFiguresJson = (
  facts: PublicFacts | null,
  areas: readonly AreaMonth[],
  delays: readonly WorstDelay[],
): FiguresAnswer => ({
  unit: UNIT,
  headline: headlineJson(facts),
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
  delays: delays.map(({ kind, days }) => ({ kind, days, suppressed: days === null })),
  carriers: (facts?.carriers ?? []).map(carrierJson),
})

/** Returns a field name as a column name: `blockedInTime` gives `blocked_in_time`. */
const column = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
const { kinds: KINDS, facts: COUNTS, times: TIMES, delays: DELAYS, headline: HEADLINE } = FIGURE_COLUMNS

export const TABLES = {
  areas: ({ areas }: FiguresAnswer) => [
    ['month', 'area', 'name_vi', 'name_en', ...COUNTS.map(column)],
    ...areas.map((row) => [row.month, row.area, row.name.vi, row.name.en, ...COUNTS.map((key) => row[key])]),
  ],
  months: ({ months }: FiguresAnswer) => [
    ['month', ...COUNTS.map(column)],
    ...months.map((row) => [row.month, ...COUNTS.map((key) => row[key])]),
  ],
  hours: ({ hours }: FiguresAnswer) => [
    ['hour', ...KINDS],
    ...hours.map((row) => [row.hour, ...KINDS.map((key) => row[key])]),
  ],
  carriers: ({ carriers }: FiguresAnswer) => [
    ['month', 'carrier', 'name', ...TIMES.map(column)],
    ...carriers.map((row) => [row.month, row.carrier, row.name, ...TIMES.map((key) => row[key])]),
  ],
  headline: ({ headline }: FiguresAnswer) => [
    ['from', 'to', ...HEADLINE.map(column)],
    ...(headline === null ? [] : [[headline.from, headline.to, ...HEADLINE.map((key) => headline[key])]]),
  ],
  delays: ({ delays }: FiguresAnswer) => [
    ['kind', ...DELAYS],
    ...delays.map((row) => [row.kind, ...DELAYS.map((key) => row[key])]),
  ],
} as const satisfies Record<TableName, (figures: FiguresAnswer) => readonly unknown[]>
