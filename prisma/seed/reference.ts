import { HOLIDAYS } from '#features/cases/rules/holidays.ts'
import { bankFileSchema, shownBank } from '#features/lookup-tables/rules/bank.ts'
import type { PrismaClient } from '#generated/prisma/client.ts'
import { seedAreas } from './areas.ts'
import banks from './banks.json' with { type: 'json' }
import carriers from './carriers.json' with { type: 'json' }
import { seedSurvey } from './survey.ts'

/**
 * Writes what every installation needs: areas and units, carriers, holidays, banks' hotlines, and what the survey asks of whom. Doing it
 * again mends names and changes nothing else.
 */
export async function seedReference(db: PrismaClient): Promise<void> {
  await seedAreas(db)
  for (const [index, { id, name }] of carriers.entries()) {
    const carrier = { ordinal: index + 1, name }
    await db.carrier.upsert({ where: { id }, create: { id, ...carrier }, update: carrier })
  }
  await seedHolidays(db)
  await seedBanks(db)
  await seedSurvey(db)
}

/** The file is the truth: it is checked every month (docs/operations.md), and what it has no more is shown no more. */
async function seedBanks(db: PrismaClient): Promise<void> {
  const shown = bankFileSchema.parse(banks).map(shownBank)
  for (const [index, { id, source, asOf, ...bank }] of shown.entries()) {
    const row = {
      ...bank,
      also: [...bank.also],
      numbers: [...bank.numbers],
      ordinal: index + 1,
      source: source?.url ?? null,
      origin: source?.by ?? null,
      asOf: new Date(asOf),
    }
    await db.bank.upsert({ where: { id }, create: { id, ...row }, update: row })
  }
  await db.bank.deleteMany({ where: { id: { notIn: shown.map(({ id }) => id) } } })
}

/** Only years that have no day yet: an administrator may have corrected the others. */
async function seedHolidays(db: PrismaClient): Promise<void> {
  const known = await db.holiday.findMany({ select: { date: true } })
  const years = new Set(known.map(({ date }) => date.getUTCFullYear()))
  const missing = HOLIDAYS.map(({ date, name }) => ({ date: new Date(date), name })).filter(
    ({ date }) => !years.has(date.getUTCFullYear()),
  )
  await db.holiday.createMany({ data: missing, skipDuplicates: true })
}
