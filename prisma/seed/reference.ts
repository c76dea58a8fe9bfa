import { CITY, readFile } from '#cities/city.ts'
import { HOLIDAYS } from '#features/cases/clocks/holidays-rules.ts'
import { bankFileSchema, shownBank } from '#features/lookup-tables/rules.ts'
import type { PrismaClient } from '#generated/prisma/client.ts'
import { saysTheSame, seedAreas } from './areas.ts'
import { seedSurvey } from './survey.ts'

/** Names what every installation needs before anybody uses it. */
export type Reference = 'areas' | 'carriers' | 'holidays' | 'banks' | 'survey'

/**
 * Writes what every installation needs: areas and units, carriers, holidays, banks' hotlines, and what the survey asks of
 * whom. Doing it again mends what the files say better and leaves alone what people decide in the product. Returns the
 * names of what it changed.
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
 * Writes the carriers' names and order as the file has them. All else of a carrier (its way, its hours, whether
 * it takes part) is the relay's.
 */
async function seedCarriers(db: PrismaClient): Promise<number> {
  const known = new Map((await db.carrier.findMany()).map((row) => [row.id, row]))
  const wanted = CITY.carriers.map(({ id, name }, at) => ({ id, ordinal: at + 1, name }))
  // A carrier's row is what its book waits for: one that needs nothing is not locked.
  const changed = wanted.filter((row) => !saysTheSame(known.get(row.id), row))
  for (const { id, ...rest } of changed)
    await db.carrier.upsert({ where: { id }, create: { id, ...rest }, update: rest })
  return changed.length
}

/**
 * Makes the table of banks equal to its file, which is checked every month (docs/operations/reference-data.md): a bank that the file
 * no longer has is no longer shown.
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
 * Writes the holidays of years that have none yet: an administrator may have corrected those of other years. Of an assumed one
 * that this version knows to be announced it writes that.
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
