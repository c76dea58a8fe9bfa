import '#server-only'
import { randomUUID } from 'node:crypto'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import type { Days } from './rules.ts'

export interface Absence extends Days {
  readonly id: string
  readonly accountId: string
}

const dayOf = (local: string): Date => new Date(`${local}T00:00:00Z`)
const written = (day: Date): string => day.toISOString().slice(0, 10)

/** Returns the absences of some people that have not ended, the first to begin first. */
export async function listAbsences(accountIds: readonly string[], now: Instant, tx: Tx = db) {
  const rows = await tx.staffAbsence.findMany({
    where: { accountId: { in: [...accountIds] }, untilDay: { gte: dayOf(localDate(now)) } },
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

export const insertAbsence = (
  tx: Tx,
  { accountId, from, until }: Days & { readonly accountId: string },
  markedById: string,
  markedAt: Instant,
): Promise<unknown> =>
  tx.staffAbsence.create({
    data: {
      ...{ id: randomUUID(), accountId, markedById, markedAt },
      ...{ fromDay: dayOf(from), untilDay: dayOf(until) },
    },
    select: { id: true },
  })

export async function findAbsence(tx: Tx, id: string): Promise<Absence | null> {
  const row = await tx.staffAbsence.findUnique({
    where: { id },
    select: { id: true, accountId: true, fromDay: true, untilDay: true },
  })
  return row && { id, accountId: row.accountId, from: written(row.fromDay), until: written(row.untilDay) }
}

export const setAbsenceEnd = (tx: Tx, id: string, until: string): Promise<unknown> =>
  tx.staffAbsence.update({ where: { id }, data: { untilDay: dayOf(until) }, select: { id: true } })

export const deleteAbsence = (tx: Tx, id: string): Promise<unknown> =>
  tx.staffAbsence.delete({ where: { id }, select: { id: true } })

/** Returns one's own absences that have not ended; null for people who are not of police, whose absences nobody marks. */
export const listOwnAbsences = async (actor: StaffActor, now: Instant): Promise<readonly Absence[] | null> =>
  may(actor.role, 'case:decide') ? listAbsences([actor.id], now) : null
