import '#server-only'
import { findPublished } from '#features/audit/published/data.ts'
import { isTableName, type PublicTable } from '#features/audit/published/rules.ts'
import { readAgencyTables, readSplitTables, readVolumeTables } from '#features/results/published/data.ts'
import { type Month, monthOfDay, parseMonth } from '#features/results/rules.ts'
import { db, type Tx } from '#platform/db.ts'
import { publishedCarriers, publishedCells } from './data.ts'
import { carrierFacts, HOURS, sumOf } from './rules.ts'

/**
 * Returns the figures of one published month: the city, the areas and hours with a count, and the carriers; null before
 * it is published.
 */
export async function readFiguresTable(month: Month, tx?: Tx): Promise<PublicTable | null> {
  const [areas, hours, carriers] = await Promise.all([
    publishedCells('area', { from: month, to: month }, tx),
    publishedCells('hour', { from: month, to: month }, tx),
    publishedCarriers({ from: month, to: month }, tx),
  ])
  if (areas.length === 0) return null
  const ids = new Set(areas.flatMap(({ shown }) => Object.keys(shown)))
  return {
    name: `figures.${month}`,
    content: {
      month,
      city: sumOf(areas, [month], null),
      areas: [...ids].toSorted().map((area) => ({ area, ...sumOf(areas, [month], area) })),
      hours: HOURS.map((hour) => {
        const { robbed, snatched, stolen, lost, reported } = sumOf(hours, [month], hour)
        return { hour, robbed, snatched, stolen, lost, reported }
      }),
      carriers: carriers.map(carrierFacts).map(({ carrierId, name: _, month: __, ...facts }) => ({
        carrier: carrierId,
        ...facts,
      })),
    },
  }
}

export async function readAllFigures(): Promise<PublicTable[]> {
  const months = await db.factsMonth.findMany({ distinct: ['month'], select: { month: true } })
  const tables = await Promise.all(months.map(({ month }) => readFiguresTable(monthOfDay(month))))
  return tables.filter((table) => table !== null)
}

/** Returns the present content of a public table by its name; null where there is none. */
export async function readPublicTable(name: string): Promise<PublicTable | null> {
  if (!isTableName(name)) return null
  const [kind, ...rest] = name.split('.')
  const month = parseMonth(rest.at(-1) ?? '')
  if (kind === 'figures') return month && readFiguresTable(month)
  if (kind === 'archive') return findPublished(name)
  if (kind === 'volumes') return (await readVolumeTables()).find((table) => table.name === name) ?? null
  if (kind !== 'results' || rest[0] === undefined) return null
  const tables = month ? await readAgencyTables(month, rest[0]) : await readSplitTables(rest[0])
  return tables[0] ?? null
}
