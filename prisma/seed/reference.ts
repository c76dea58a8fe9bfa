import { CITY, readFile } from '#cities/city.ts'
import { HOLIDAYS } from '#features/cases/clocks/holidays-rules.ts'
import { bankFileSchema, shownBank } from '#features/lookup-tables/rules.ts'
import type { PrismaClient } from '#generated/prisma/client.ts'
import { saysTheSame, seedAreas } from './areas.ts'
import { seedSurvey } from './survey.ts'

export type Reference = 'areas' | 'carriers' | 'holidays' | 'banks' | 'survey'

/**
 * Writes the reference data of every installation: areas and units, carriers, holidays, banks' hotlines, the survey's agencies
 * and questions. A second run applies corrections in the files, and leaves alone what people decide in the product. Returns the
 * names of the data that it changed.
 */
export async function seedReference(db: PrismaClient): Promise<Reference[]> {
  const rows: readonly [Reference, number][] = [
    ['areas', await seedAreas(db)],
    ['carriers', await seedCarriers(db)],
    ['holidays', await seedHolidays(db)],
    ['banks', await seedBanks(db)],
    ['survey', await seedSurvey(db)],
  ]
  return rows.filter(([, count]) => count > 0).map(([name]) => name)
}

/**
 * Writes the carriers' names and order from the file. The relay decides everything else about a carrier (its delivery, its
 * hours, whether it takes part).
 */
async function seedCarriers(db: PrismaClient): Promise<number> {
  const known = new Map((await db.carrier.findMany()).map((row) => [row.id, row]))
  const wanted = CITY.carriers.map(({ id, name }, at) => ({ id, ordinal: at + 1, name }))
  // Writing to a carrier's book locks its row, so unchanged rows are not touched.
  const changed = wanted.filter((row) => !saysTheSame(known.get(row.id), row))
  for (const { id, ...rest } of changed)
    await db.carrier.upsert({ where: { id }, create: { id, ...rest }, update: rest })
  return changed.length
}

/**
 * Makes the table of banks equal to its file, which is checked every month (docs/operations/reference-data.md). A bank that is
 * no longer in the file is no longer shown.
 */
async function seedBanks(db: PrismaClient): Promise<number> {
  const known = new Map((await db.bank.findMany()).map((row) => [row.id, row]))
  const wanted = bankFileSchema
    .parse(readFile('banks.json'))
    .map(shownBank)
    .map(({ source, asOf, ...bank }, at) => ({
      ...bank,
      also: [...bank.also],
      numbers: [...bank.numbers],
      ordinal: at + 1,
      source: source?.url ?? null,
      origin: source?.by ?? null,
      asOf: new Date(asOf),
    }))
  const changed = wanted.filter((row) => !saysTheSame(known.get(row.id), row))
  for (const { id, ...rest } of changed)
    await db.bank.upsert({ where: { id }, create: { id, ...rest }, update: rest })
  const { count } = await db.bank.deleteMany({ where: { id: { notIn: wanted.map(({ id }) => id) } } })
  return changed.length + count
}

/**
 * Writes the holidays of years that have none yet, because an administrator may have corrected those of other years. Also marks
 * an assumed holiday as announced if this version knows that it was.
 */
async function seedHolidays(db: PrismaClient): Promise<number> {
  const known = await db.holiday.findMany()
  const years = new Set(known.map(({ date }) => date.getUTCFullYear()))
  const rows = HOLIDAYS.map((one) => ({ ...one, date: new Date(one.date) }))
  const missing = rows.filter(({ date }) => !years.has(date.getUTCFullYear()))
  const { count } = await db.holiday.createMany({ data: missing, skipDuplicates: true })
  const confirmed = rows.filter(
    ({ date, basis }) =>
      basis !== 'assumed' &&
      known.some((row) => row.basis === 'assumed' && row.date.getTime() === date.getTime()),
  )
  for (const { date, basis } of confirmed) await db.holiday.update({ where: { date }, data: { basis } })
  return count + confirmed.length
}
