import '#server-only'
import { z } from 'zod'
import type { Prisma } from '#generated/prisma/client.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import { db, sql, type Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { asksOfAccounts, judgesAccount, type Post } from './rules.ts'
import type { Credentials } from './sign-in/data.ts'

export const SERVICES = { serves: { select: { ofId: true } } } as const satisfies Prisma.PoliceUnitSelect

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

/** Replaces the row's unit by the ids of the units that it serves now, and its loans by the ids of the cases. */
export const addServices = <R extends WithUnit>({ unit, loans = [], ...row }: R) => ({
  ...row,
  ...(unit && { serves: unit.serves.map(({ ofId }) => ofId) }),
  ...(loans.length > 0 && { lent: loans.map(({ caseId }) => caseId) }),
})

export interface NewAccount extends Post {
  readonly email: string
  readonly name: string
}

/** Units that an account can be assigned to: districts and wards of the edition in force. */
const GIVEN = {
  kind: { in: ['district', 'ward'] },
  edition: { inForce: true },
} satisfies Prisma.PoliceUnitWhereInput

/** Returns the `missing` fault of a post, or null. A person may keep their present unit, even after it has ended. */
export async function findMissingPlace(tx: Tx, post: Post, before: Pick<Post, 'unitId'> | null = null) {
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

/** @throws P2002 when another account has the address. */
export async function insertAccount(
  tx: Tx,
  account: NewAccount,
  { passwordHash = null, decidesFrom }: { passwordHash?: string | null; decidesFrom: Instant },
): Promise<string> {
  const data = { ...account, passwordHash, decidesFrom }
  const { id } = await tx.staffAccount.create({ data, select: { id: true } })
  return id
}

/** Returns the account with an address, or null. Locks its row, and the address, until the transaction ends. */
export async function lockByEmail(tx: Tx, email: string) {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${email}))`
  await tx.$queryRaw`SELECT FROM staff_accounts WHERE email = ${email} FOR UPDATE`
  const row = await tx.staffAccount.findUnique({
    where: { email },
    select: { ...ACTOR, active: true, passwordHash: true, totpSecret: true, totpStep: true },
  })
  return row && addServices(row)
}

/** Returns the ids of the active admins and locks their rows, so that admins are removed one at a time and one always stays. */
export async function lockAdmins(tx: Tx): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM staff_accounts WHERE role = 'admin' AND active ORDER BY id FOR UPDATE`
  return rows.map(({ id }) => id)
}

/** Returns how many other auditors can sign in; null for no auditor. Locks them, so that they are removed one at a time. */
export async function lockOtherAuditors(tx: Tx, id: string): Promise<number | null> {
  const rows = await tx.$queryRaw<{ id: string; signs: boolean }[]>`
    SELECT id::text, password_hash IS NOT NULL AND totp_secret IS NOT NULL AS signs
    FROM staff_accounts WHERE role = 'auditor' AND active ORDER BY id FOR UPDATE`
  if (!rows.some((row) => row.id === id)) return null
  return rows.filter((row) => row.id !== id && row.signs).length
}

const countConfirmingAdmins = (but: string, now: Instant): Promise<number> =>
  db.staffAccount.count({
    where: {
      ...{ role: 'admin', active: true, id: { not: but }, decidesFrom: { lte: now } },
      ...{ passwordHash: { not: null }, totpSecret: { not: null } },
    },
  })

/** Returns an account's post, or null when there is no account. Locks its row, so that it gets no case meanwhile. */
export async function lockPost(tx: Tx, id: string) {
  await tx.$queryRaw`SELECT FROM staff_accounts WHERE id = ${id}::uuid FOR UPDATE`
  return tx.staffAccount.findUnique({
    where: { id },
    select: { email: true, role: true, unitId: true, agencyId: true, carrierId: true, active: true },
  })
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

async function listAccounts(filter: AccountFilter, after: string | null, take: number) {
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

/** Returns a LIKE pattern, with the text in NFC as it is stored. */
const holding = (letters: string): string => `%${letters.normalize('NFC').replace(/[\\%_]/g, '\\$&')}%`

export async function findAccount(id: string): Promise<AccountRow | null> {
  const row = await db.staffAccount.findUnique({ where: { id }, select: ACCOUNT })
  return row && toAccount(row)
}

/** Returns names by account id, for a history. Ids that are no account's, such as a carrier's, are left out. */
export const namesOf = async (ids: readonly string[]): Promise<ReadonlyMap<string, string>> =>
  new Map([...(await peopleOf(ids))].map(([id, { name }]) => [id, name]))

export async function peopleOf(ids: readonly string[]) {
  const known = ids.filter((id) => z.uuid().safeParse(id).success)
  if (known.length === 0) return new Map()
  const rows = await db.staffAccount.findMany({
    where: { id: { in: known } },
    select: { id: true, name: true, role: true },
  })
  return new Map(rows.map(({ id, ...person }) => [id, person]))
}

const PAGE = 50

export async function readAccountPage(actor: StaffActor, filter: AccountFilter, after: string | null) {
  if (!may(actor.role, 'account:manage')) return null
  const found = await listAccounts(filter, after, PAGE + 1)
  const accounts = found.slice(0, PAGE)
  return { accounts, next: found.length > PAGE ? (accounts.at(-1)?.id ?? null) : null }
}

export const findManagedAccount = async (actor: StaffActor, id: string): Promise<AccountRow | null> =>
  may(actor.role, 'account:manage') ? findAccount(id) : null

const MOST_MEANT = 10

/** Returns people by a part of their name or address. Readers of the audit log only; empty for others. */
export async function findPeopleMeant(actor: StaffActor, text: string) {
  if (!may(actor.role, 'audit:read')) return []
  const found = await listAccounts({ sought: text.trim() }, null, MOST_MEANT)
  return found.map(({ id, name, role }) => ({ id, name, role }))
}

export const findAccountAsked = async (
  actor: StaffActor,
  { accountId, before }: { readonly accountId: string; readonly before: Post },
): Promise<Pick<AccountRow, 'name' | 'email'> | null> =>
  asksOfAccounts(actor) || judgesAccount(actor, { before }) ? findAccount(accountId) : null

export const getAccountWaitHours = (): number => env().ACCOUNT_WAIT_HOURS

export const hasOtherAdmin = async (actor: StaffActor, now: Instant): Promise<boolean> =>
  actor.role !== 'admin' || (await countConfirmingAdmins(actor.id, now)) > 0

export async function countViewers(agencies: readonly string[]): Promise<Map<string, number>> {
  const rows = await db.staffAccount.groupBy({
    by: ['agencyId'],
    where: { agencyId: { in: [...agencies] }, active: true },
    _count: true,
  })
  return new Map(rows.map(({ agencyId, _count }) => [agencyId ?? '', _count]))
}
