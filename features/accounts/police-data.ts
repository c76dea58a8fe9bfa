import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { StaffRole } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { type Absence, isAway, listAbsences } from './absences/data.ts'
import { ACTOR, addServices, SERVICES } from './data.ts'

/** Checks whether an account serves a unit, and locks its row, so that this stays true until the transaction ends. */
export async function lockServingShared(tx: Tx, id: string, unitId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT FROM staff_accounts WHERE id = ${id}::uuid AND active
      AND (role = 'city_police' OR role IN ('officer', 'supervisor')
        AND unit_id IN (SELECT by_id FROM unit_services WHERE of_id = ${unitId})) FOR SHARE`
  return rows.length > 0
}

/** Checks that an account may have a case of a unit, and locks its row. With `given`, it must not be absent. */
export async function lockAssignableShared(
  tx: Tx,
  { id, unitId, given }: { readonly id: string; readonly unitId: string; readonly given: boolean },
  now: Instant,
): Promise<boolean> {
  if (!(await lockServingShared(tx, id, unitId))) return false
  const ready = await tx.staffAccount.count({
    where: { id, passwordHash: { not: null }, totpSecret: { not: null }, decidesFrom: { lte: now } },
  })
  if (ready === 0) return false
  return !(given && isAway(await listAbsences([id], now, tx), now))
}

export interface Member {
  readonly id: string
  readonly name: string
  readonly role: StaffRole
  readonly unitId: string | null
  readonly serves?: readonly string[]
  readonly canSignIn: boolean
  /** In the future during the waiting period: until then the person gets no case. */
  readonly decidesFrom: Instant
  readonly absences: readonly Absence[]
  /** The last local day of the present absence: the person gets no case before it is over. */
  readonly absentUntil: string | null
}

export async function members(unitIds: readonly string[], now: Instant, tx: Tx = db): Promise<Member[]> {
  const rows = await tx.staffAccount.findMany({
    where: {
      unit: { serves: { some: { ofId: { in: [...unitIds] } } } },
      ...{ active: true, role: { in: ['officer', 'supervisor'] } },
    },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    select: {
      ...{ id: true, name: true, role: true, unitId: true, decidesFrom: true, unit: { select: SERVICES } },
      ...{ passwordHash: true, totpSecret: true },
    },
  })
  const ids = rows.map(({ id }) => id)
  const absences = Map.groupBy(await listAbsences(ids, now, tx), ({ accountId }) => accountId)
  return rows.map(({ passwordHash, totpSecret, ...row }) => {
    const own = absences.get(row.id) ?? []
    return {
      ...addServices(row),
      canSignIn: passwordHash !== null && totpSecret !== null,
      absences: own,
      absentUntil: own.find((absence) => isAway([absence], now))?.until ?? null,
    }
  })
}

export const assignable = async (unitIds: readonly string[], now: Instant, tx: Tx = db): Promise<Member[]> =>
  (await members(unitIds, now, tx)).filter(({ canSignIn }) => canSignIn)

/** Returns the units that a unit serves: itself, and ended units whose tasks it took over. */
export async function servedBy(unitId: string): Promise<string[]> {
  const rows = await db.unitService.findMany({ where: { byId: unitId }, select: { ofId: true } })
  return rows.map(({ ofId }) => ofId)
}

interface Deciders {
  readonly people: readonly StaffActor[]
  /** Those who are neither absent nor in their waiting period. */
  readonly there: ReadonlySet<string>
}

/** Returns the people who might decide cases of a unit: its own police, city police, and people lent to one of the cases. */
export const decidersOf = (unitId: string, caseIds: readonly string[], now: Instant, tx: Tx = db) =>
  police(now, tx, {
    OR: [
      { role: 'city_police' },
      { role: { in: ['officer', 'supervisor'] }, unit: { serves: { some: { ofId: unitId } } } },
      { loans: { some: { caseId: { in: [...caseIds] }, endedAt: null } } },
    ],
  })

/** Returns the supervisors of other units. Any of them may be lent to a case of this unit. */
export const supervisorsElsewhere = (unitId: string, now: Instant, tx: Tx = db): Promise<Deciders> =>
  police(now, tx, { role: 'supervisor', unit: { serves: { none: { ofId: unitId } } } })

async function police(now: Instant, tx: Tx, where: Prisma.StaffAccountWhereInput): Promise<Deciders> {
  const rows = await tx.staffAccount.findMany({
    where: { active: true, passwordHash: { not: null }, totpSecret: { not: null }, ...where },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    select: { ...ACTOR, decidesFrom: true },
  })
  const absences = Map.groupBy(
    await listAbsences(
      rows.map(({ id }) => id),
      now,
      tx,
    ),
    ({ accountId }) => accountId,
  )
  return {
    people: rows.map(({ decidesFrom: _, ...row }) => ({ kind: 'staff', ...addServices(row) })),
    there: new Set(
      rows
        .filter(({ id, decidesFrom }) => decidesFrom <= now && !isAway(absences.get(id) ?? [], now))
        .map(({ id }) => id),
    ),
  }
}

/** Returns the people to tell that nobody may decide a case: admins can lend somebody. */
export async function undecidedTold(tx: Tx, unitId: string): Promise<string[]> {
  const rows = await tx.staffAccount.findMany({
    where: {
      ...{ active: true, passwordHash: { not: null }, totpSecret: { not: null } },
      OR: [
        { role: { in: ['city_police', 'auditor', 'admin'] } },
        { role: 'supervisor', unit: { serves: { some: { ofId: unitId } } } },
      ],
    },
    orderBy: { id: 'asc' },
    select: { id: true },
  })
  return rows.map(({ id }) => id)
}
