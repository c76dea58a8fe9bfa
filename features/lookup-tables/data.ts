import '#server-only'
import { daysKnownAhead } from '#features/cases/clocks/holidays-rules.ts'
import type { RemedyLaws } from '#features/cases/remedies/rules.ts'
import { Prisma } from '#generated/prisma/client.ts'
import type { KnownDevice } from '#lib/imei/device.ts'
import type { TacRow } from '#lib/imei/tac.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { db, rawQuery, type Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import type { Bank } from './rules.ts'

let banks: readonly Bank[] = []

/** Returns the banks and wallets, largest first. They come with the release, so each process reads them once. */
export async function bankHotlines(): Promise<readonly Bank[]> {
  if (banks.length === 0) banks = await readBanks()
  return banks
}

async function readBanks(): Promise<readonly Bank[]> {
  const rows = await db.bank.findMany({ orderBy: { ordinal: 'asc' } })
  return rows.map(({ source, origin, asOf, ordinal: _, ...row }) => ({
    ...row,
    source: source !== null && origin !== null ? { url: source, by: origin } : null,
    asOf: asOf.toISOString().slice(0, 10),
  }))
}

/** Days without working hours, as local dates `YYYY-MM-DD`. */
export async function holidays(tx: Tx = db): Promise<ReadonlySet<string>> {
  const rows = await tx.holiday.findMany({ select: { date: true } })
  return new Set(rows.map((row) => row.date.toISOString().slice(0, 10)))
}

/** Returns for how many days from now the holidays are known. */
export async function holidaysAhead(now: Instant): Promise<number> {
  const rows = (await db.holiday.findMany()).map((row) => ({
    ...row,
    date: row.date.toISOString().slice(0, 10),
  }))
  return daysKnownAhead(rows, localDate(now))
}

export async function deviceOf(tac: string, tx: Tx = db): Promise<KnownDevice | null> {
  const known = Prisma.sql`SELECT manufacturer, model FROM tacs WHERE tac = ${tac}::char(8)`
  const [device = null] = await rawQuery<{ manufacturer: string; model: string }>(tx, known)
  return device
}

export const upsertTacs = (rows: readonly TacRow[]): Promise<number> =>
  db.$executeRaw`
    INSERT INTO tacs AS t (tac, manufacturer, model)
    SELECT * FROM unnest(
      ${rows.map((row) => row.tac)}::char(8)[],
      ${rows.map((row) => row.manufacturer)}::text[],
      ${rows.map((row) => row.model)}::text[]
    )
    ON CONFLICT (tac) DO UPDATE SET manufacturer = excluded.manufacturer, model = excluded.model
    WHERE (t.manufacturer, t.model) IS DISTINCT FROM (excluded.manufacturer, excluded.model)`

export const citySettings = () => ({ hotline: env().CITY_HOTLINE, subscriberBasis: env().SUBSCRIBER_BASIS })

/** Returns the laws that a letter cites: for blocking phones, and for remedies against a decision. */
export function lawsInForce(): { readonly block: string; readonly remedies: RemedyLaws } {
  const of = env()
  return {
    block: of.LEGAL_BASIS,
    remedies: {
      complaint: of.COMPLAINT_BASIS,
      complaintDays: of.COMPLAINT_DAYS,
      secondDays: of.COMPLAINT_SECOND_DAYS,
      suit: of.SUIT_BASIS,
      suitDays: of.SUIT_DAYS,
    },
  }
}
