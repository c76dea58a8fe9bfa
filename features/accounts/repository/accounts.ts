import '#server-only'
import { z } from 'zod'
import type { Prisma } from '#generated/prisma/client.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { StaffRole } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import { db, sql, type Tx } from '#platform/db.ts'
import type { Post, PostFault } from '../rules/post.ts'
import { type Absence, absencesOf, isAway } from './absences.ts'
import type { Credentials } from './sign-in.ts'

const SERVICES = { serves: { select: { ofId: true } } } as const satisfies Prisma.PoliceUnitSelect

/** The columns that make up the person who acts. */
export const ACTOR = {
  id: true,
  name: true,
  role: true,
  unitId: true,
  agencyId: true,
  carrierId: true,
  unit: { select: SERVICES },
  loans: { where: { endedAt: null }, select: { caseId: true } },
} as const satisfies Prisma.StaffAccountSelect

type WithUnit = {
  readonly unit: Prisma.PoliceUnitGetPayload<{ select: typeof SERVICES }> | null
  readonly loans?: readonly { readonly caseId: string }[]
}

/**
 * Returns a row with the units that its person's unit answers for now, in the place of the unit, and the cases that they
 * were lent to.
 */
export const withServices = <R extends WithUnit>({
  unit,
  loans = [],
  ...row
}: R): Omit<R, 'unit' | 'loans'> & Serving => ({
  ...row,
  ...(unit && { serves: unit.serves.map(({ ofId }) => ofId) }),
  ...(loans.length > 0 && { lent: loans.map(({ caseId }) => caseId) }),
})
type Serving = Pick<StaffActor, 'serves' | 'lent'>

export interface NewAccount extends Post {
  readonly email: string
  readonly name: string
}

/** The units that people are given: those of the edition in force, but no desk, and not the city's own. */
const GIVEN = {
  kind: { in: ['district', 'ward'] },
  edition: { inForce: true },
} satisfies Prisma.PoliceUnitWhereInput

/**
 * Returns the fault of a post that names a unit that people are not given, or an agency or carrier that does not exist, as if
 * it had not been named; null where there is none. The unit that a person has already stays theirs, also once it has ended.
 */
export async function missingPlace(
  tx: Tx,
  post: Post,
  before: Pick<Post, 'unitId'> | null = null,
): Promise<PostFault | null> {
  const { unitId } = post
  const [unit, agency, carrier] = [
    unitId !== null &&
      unitId !== before?.unitId &&
      !(await tx.policeUnit.count({ where: { ...GIVEN, id: unitId } })),
    post.agencyId !== null && !(await tx.agency.count({ where: { id: post.agencyId } })),
    post.carrierId !== null && !(await tx.carrier.count({ where: { id: post.carrierId } })),
  ]
  if (unit) return 'unit_missing'
  if (agency) return 'agency_missing'
  return carrier ? 'carrier_missing' : null
}

/** Makes an account; throws P2002 when the address has one. */
export async function insertAccount(
  tx: Tx,
  account: NewAccount,
  { passwordHash = null, decidesFrom }: { passwordHash?: string | null; decidesFrom: Instant },
): Promise<string> {
  const data = { ...account, passwordHash, decidesFrom }
  const { id } = await tx.staffAccount.create({ data, select: { id: true } })
  return id
}

/**
 * Returns the account of an address, its row locked so that its invitation is not accepted meanwhile; null where there is none,
 * and then nobody else makes one before the transaction ends.
 */
export async function lockByEmail(
  tx: Tx,
  email: string,
): Promise<(Post & Credentials & { readonly active: boolean }) | null> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${email}))`
  await tx.$queryRaw`SELECT FROM staff_accounts WHERE email = ${email} FOR UPDATE`
  const row = await tx.staffAccount.findUnique({
    where: { email },
    select: { ...ACTOR, active: true, passwordHash: true, totpSecret: true, totpStep: true },
  })
  return row && withServices(row)
}

/**
 * Returns the ids of the active admins, their rows locked until the transaction ends: admins are removed one at a time,
 * and one who stays does it.
 */
export async function lockAdmins(tx: Tx): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM staff_accounts WHERE role = 'admin' AND active ORDER BY id FOR UPDATE`
  return rows.map(({ id }) => id)
}

/**
 * Returns how many other auditors can sign in, all their rows locked until the transaction ends: auditors are removed one at
 * a time, and one who has not opened the invitation watches nobody. null for the account of anybody else.
 */
export async function otherAuditors(tx: Tx, id: string): Promise<number | null> {
  const rows = await tx.$queryRaw<{ id: string; signs: boolean }[]>`
    SELECT id::text, password_hash IS NOT NULL AND totp_secret IS NOT NULL AS signs
    FROM staff_accounts WHERE role = 'auditor' AND active ORDER BY id FOR UPDATE`
  if (!rows.some((row) => row.id === id)) return null
  return rows.filter((row) => row.id !== id && row.signs).length
}

/** Returns how many other admins can sign in and decide at `now`. */
export const countConfirmingAdmins = (but: string, now: Instant): Promise<number> =>
  db.staffAccount.count({
    where: {
      ...{ role: 'admin', active: true, id: { not: but }, decidesFrom: { lte: now } },
      ...{ passwordHash: { not: null }, totpSecret: { not: null } },
    },
  })

/** Counts the other admins who can sign in, or have an open invitation; one at a time as by {@link lockAdmins}. */
export async function countAdmins(tx: Tx, but: string, now: Instant): Promise<number> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('admins'))`
  return tx.staffAccount.count({
    where: {
      ...{ role: 'admin', active: true, email: { not: but } },
      OR: [
        { passwordHash: { not: null }, totpSecret: { not: null } },
        { invitations: { some: { usedAt: null, expiresAt: { gt: now } } } },
      ],
    },
  })
}

/** Returns an account's post, its row locked so that it is given no case meanwhile; null where there is no account. */
export async function lockPost(
  tx: Tx,
  id: string,
): Promise<(Post & { readonly active: boolean; readonly email: string }) | null> {
  await tx.$queryRaw`SELECT FROM staff_accounts WHERE id = ${id}::uuid FOR UPDATE`
  return tx.staffAccount.findUnique({
    where: { id },
    select: { email: true, role: true, unitId: true, agencyId: true, carrierId: true, active: true },
  })
}

/** Tells whether an account serves a unit. Locks its row, so that this holds until the transaction ends. */
export async function lockServingShared(tx: Tx, id: string, unitId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT FROM staff_accounts WHERE id = ${id}::uuid AND active
      AND (role = 'city_police' OR role IN ('officer', 'supervisor')
        AND unit_id IN (SELECT by_id FROM unit_services WHERE of_id = ${unitId})) FOR SHARE`
  return rows.length > 0
}

/**
 * Tells whether an account may have a case of a unit, and keeps it so until the transaction ends: its person serves the
 * unit, can sign in, and may decide by now. With `given`, where another person assigns the case, they must not be
 * absent.
 */
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
  return !(given && isAway(await absencesOf([id], now, tx), now))
}

export async function updateAccount(
  tx: Tx,
  id: string,
  data: Partial<Post> & {
    readonly active?: boolean
    readonly email?: string
    readonly decidesFrom?: Instant
  },
): Promise<void> {
  await tx.staffAccount.update({ where: { id }, data, select: { id: true } })
}

export interface AccountRow extends Post {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly active: boolean
  /** Password and second factor are set. */
  readonly canSignIn: boolean
  readonly decidesFrom: Instant
}

const ACCOUNT = {
  ...ACTOR,
  ...{ email: true, active: true, passwordHash: true, totpSecret: true, decidesFrom: true },
} as const

type StoredAccount = Omit<AccountRow, 'canSignIn'> & Pick<Credentials, 'passwordHash' | 'totpSecret'>

const toAccount = ({ passwordHash, totpSecret, unit: _, ...row }: StoredAccount & WithUnit): AccountRow => ({
  ...row,
  canSignIn: passwordHash !== null && totpSecret !== null,
})

/** The accounts to list: those in use, those that are locked, or any with some letters in its name or address. */
export type AccountFilter = { readonly active: boolean } | { readonly sought: string }

/** Returns accounts by role and name, from behind one of them on. */
export async function accountsAfter(
  filter: AccountFilter,
  after: string | null,
  take: number,
): Promise<AccountRow[]> {
  const some =
    'sought' in filter
      ? sql`(email ILIKE ${holding(filter.sought)} OR name ILIKE ${holding(filter.sought)})`
      : sql`active = ${filter.active}`
  const behind =
    after === null
      ? sql``
      : sql`AND (role, name, id) > (SELECT role, name, id FROM staff_accounts WHERE id = ${after}::uuid)`
  const order = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM staff_accounts WHERE ${some} ${behind} ORDER BY role, name, id LIMIT ${take}`
  const ids = order.map(({ id }) => id)
  const rows = await db.staffAccount.findMany({ where: { id: { in: ids } }, select: ACCOUNT })
  const byId = new Map(rows.map((row) => [row.id, toAccount(row)]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

/** Returns the pattern of a text that holds these letters, however they were composed where they come from. */
const holding = (letters: string): string => `%${letters.normalize('NFC').replace(/[\\%_]/g, '\\$&')}%`

export async function accountById(id: string): Promise<AccountRow | null> {
  const row = await db.staffAccount.findUnique({ where: { id }, select: ACCOUNT })
  return row && toAccount(row)
}

/** Returns names by account id, for a history; what is no account's id, such as a carrier's, has none here. */
export const namesOf = async (ids: readonly string[]): Promise<ReadonlyMap<string, string>> =>
  new Map([...(await peopleOf(ids))].map(([id, { name }]) => [id, name]))

/** Returns names by account id in the same way, each with the role that the person has now. */
export async function peopleOf(
  ids: readonly string[],
): Promise<ReadonlyMap<string, { readonly name: string; readonly role: StaffRole }>> {
  const known = ids.filter((id) => z.uuid().safeParse(id).success)
  if (known.length === 0) return new Map()
  const rows = await db.staffAccount.findMany({
    where: { id: { in: known } },
    select: { id: true, name: true, role: true },
  })
  return new Map(rows.map(({ id, ...person }) => [id, person]))
}

/** An officer or a supervisor of a unit. */
export interface Member {
  readonly id: string
  readonly name: string
  readonly role: StaffRole
  readonly unitId: string | null
  readonly serves?: readonly string[]
  /** Password and second factor are set. */
  readonly canSignIn: boolean
  /** For a person in their waiting period this is in the future: until then they are given no case. */
  readonly decidesFrom: Instant
  /** Their absences that have not ended. */
  readonly absences: readonly Absence[]
  /** The last day, local, of an absence that runs: they are given no case before it is over. */
  readonly absentUntil: string | null
}

/** Returns the officers and supervisors of some units, those of ended ones that these have the tasks of included, by name. */
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
  const absences = Map.groupBy(await absencesOf(ids, now, tx), ({ accountId }) => accountId)
  return rows.map(({ passwordHash, totpSecret, ...row }) => {
    const own = absences.get(row.id) ?? []
    return {
      ...withServices(row),
      canSignIn: passwordHash !== null && totpSecret !== null,
      absences: own,
      absentUntil: own.find((absence) => isAway([absence], now))?.until ?? null,
    }
  })
}

/** Returns those of them who can sign in, and from when on a case can be given to them. */
export const assignable = async (unitIds: readonly string[], now: Instant, tx: Tx = db): Promise<Member[]> =>
  (await members(unitIds, now, tx)).filter(({ canSignIn }) => canSignIn)

/** Returns the units whose work a unit does now: itself, and ended ones that it has the tasks of. */
export async function servedBy(unitId: string): Promise<string[]> {
  const rows = await db.unitService.findMany({ where: { byId: unitId }, select: { ofId: true } })
  return rows.map(({ ofId }) => ofId)
}

/** The police who might decide cases of a unit. */
export interface Deciders {
  readonly people: readonly StaffActor[]
  /** Those of them who are at work: they are not absent, nor in their waiting period. */
  readonly there: ReadonlySet<string>
}

/** Returns who might decide cases of a unit: its own police, city police, and people who were lent to one of the cases. */
export const decidersOf = (
  unitId: string,
  caseIds: readonly string[],
  now: Instant,
  tx: Tx = db,
): Promise<Deciders> =>
  police(now, tx, {
    OR: [
      { role: 'city_police' },
      { role: { in: ['officer', 'supervisor'] }, unit: { serves: { some: { ofId: unitId } } } },
      { loans: { some: { caseId: { in: [...caseIds] }, endedAt: null } } },
    ],
  })

/** Returns the supervisors of other units than the one that has a case: any of them may be lent to it. */
export const supervisorsElsewhere = (unitId: string, now: Instant, tx: Tx = db): Promise<Deciders> =>
  police(now, tx, { role: 'supervisor', unit: { serves: { none: { ofId: unitId } } } })

async function police(now: Instant, tx: Tx, where: Prisma.StaffAccountWhereInput): Promise<Deciders> {
  const rows = await tx.staffAccount.findMany({
    where: { active: true, passwordHash: { not: null }, totpSecret: { not: null }, ...where },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    select: { ...ACTOR, decidesFrom: true },
  })
  const absences = Map.groupBy(
    await absencesOf(
      rows.map(({ id }) => id),
      now,
      tx,
    ),
    ({ accountId }) => accountId,
  )
  return {
    people: rows.map(({ decidesFrom: _, ...row }) => ({ kind: 'staff', ...withServices(row) })),
    there: new Set(
      rows
        .filter(({ id, decidesFrom }) => decidesFrom <= now && !isAway(absences.get(id) ?? [], now))
        .map(({ id }) => id),
    ),
  }
}

/** Returns who is told that nobody may decide a case: its unit's supervisors, city police, auditors, and the admins who lend. */
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
