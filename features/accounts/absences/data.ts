import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import type { Days } from './rules.ts'

export interface Absence extends Days {
  readonly id: string
  readonly accountId: string
}

export const toDay = (local: string): Date => new Date(`${local}T00:00:00Z`)
const written = (day: Date): string => day.toISOString().slice(0, 10)

export async function listAbsences(accountIds: readonly string[], now: Instant, tx: Tx = db) {
  const rows = await tx.staffAbsence.findMany({
    where: { accountId: { in: [...accountIds] }, untilDay: { gte: toDay(localDate(now)) } },
    orderBy: [{ fromDay: 'asc' }, { id: 'asc' }],
    select: { id: true, accountId: true, fromDay: true, untilDay: true },
  })
  return rows.map(({ fromDay, untilDay, ...row }) => ({
    ...row,
    from: written(fromDay),
    until: written(untilDay),
  }))
}

export const isAway = (absences: readonly Days[], now: Instant): boolean =>
  absences.some(({ from, until }) => from <= localDate(now) && localDate(now) <= until)

export async function findAbsence(tx: Tx, id: string): Promise<Absence | null> {
  const row = await tx.staffAbsence.findUnique({
    where: { id },
    select: { id: true, accountId: true, fromDay: true, untilDay: true },
  })
  return row && { id, accountId: row.accountId, from: written(row.fromDay), until: written(row.untilDay) }
}

export const listOwnAbsences = async (actor: StaffActor, now: Instant): Promise<readonly Absence[] | null> =>
  may(actor.role, 'case:decide') ? listAbsences([actor.id], now) : null
