import '#server-only'
import { z } from 'zod'
import type { StaffReader } from '#domain/access/actor.ts'
import type { BrowserLabel } from '#domain/access/browser.ts'
import type { Post } from '#domain/access/post.ts'
import type { StaffRole } from '#domain/access/roles.ts'
import { SESSION_IDLE } from '#domain/access/sign-in.ts'
import { type Instant, MINUTE, plus } from '#domain/time.ts'
import { db, type Tx, transaction } from '#server/platform/db.ts'
import type { FactorOwner } from './repository/second-factor.ts'

const ACTOR = { id: true, name: true, role: true, areaId: true, agencyId: true, carrierId: true } as const

export interface Credentials extends FactorOwner {
  readonly passwordHash: string | null
}

/** What a sign-in compares with; a disabled account has none. */
export const credentialsOf = (email: string): Promise<Credentials | null> =>
  db.staffAccount.findFirst({
    where: { email, active: true },
    select: { id: true, passwordHash: true, totpSecret: true, totpStep: true },
  })

/**
 * Counts a try before it is made, so that tries sent at once are counted too. Null when it may be made;
 * otherwise the failures so far and the last one's time, and nothing is counted.
 */
export async function countTry(
  keyHash: Uint8Array<ArrayBuffer>,
  now: Instant,
  waitAfter: (failures: number) => number,
): Promise<{ count: number; lastAt: Instant } | null> {
  return transaction(async (tx) => {
    await tx.signInFailure.createMany({ data: [{ keyHash, count: 0, lastAt: now }], skipDuplicates: true })
    const [row] = await tx.$queryRaw<{ count: number; last_at: Date }[]>`
      SELECT count, last_at FROM sign_in_failures WHERE key_hash = ${keyHash} FOR UPDATE`
    if (!row) throw new Error('a counted sign-in has gone')
    if (plus(row.last_at, waitAfter(row.count)) > now) return { count: row.count, lastAt: row.last_at }
    await tx.signInFailure.update({ where: { keyHash }, data: { count: { increment: 1 }, lastAt: now } })
    return null
  })
}

export async function forgetTries(tx: Tx, keyHash: Uint8Array<ArrayBuffer>): Promise<void> {
  await tx.signInFailure.deleteMany({ where: { keyHash } })
}

export async function insertSession(
  tx: Tx,
  session: {
    tokenHash: Uint8Array<ArrayBuffer>
    accountId: string
    browser: BrowserLabel
    createdAt: Instant
    expiresAt: Instant
  },
): Promise<void> {
  await tx.staffSession.create({
    data: { ...session, lastSeenAt: session.createdAt, steppedUpAt: session.createdAt },
    select: { createdAt: true },
  })
}

/** Somebody signed in, with their address and when they last gave a code in this session. */
export type SessionActor = StaffReader & { readonly email: string; readonly steppedUpAt: Instant }

/** Who a live session belongs to, with role and area as they are now; it is kept alive by being asked for. */
export async function actorOf(
  tokenHash: Uint8Array<ArrayBuffer>,
  now: Instant,
): Promise<SessionActor | null> {
  const session = await db.staffSession.findFirst({
    where: {
      tokenHash,
      endedAt: null,
      expiresAt: { gt: now },
      lastSeenAt: { gt: plus(now, -SESSION_IDLE) },
      account: { active: true },
    },
    select: { id: true, lastSeenAt: true, steppedUpAt: true, account: { select: { ...ACTOR, email: true } } },
  })
  if (!session) return null
  // A page asks several times; the clock of a half hour needs no write for each.
  if (session.lastSeenAt < plus(now, -MINUTE)) {
    await db.staffSession.updateMany({ where: { tokenHash, endedAt: null }, data: { lastSeenAt: now } })
  }
  return { kind: 'staff', ...session.account, sessionId: session.id, steppedUpAt: session.steppedUpAt }
}

/** Ends a session; its account's id, or null when it had ended before. */
export async function endSession(
  tx: Tx,
  tokenHash: Uint8Array<ArrayBuffer>,
  now: Instant,
): Promise<string | null> {
  const [ended] = await tx.staffSession.updateManyAndReturn({
    where: { tokenHash, endedAt: null },
    data: { endedAt: now },
    select: { accountId: true },
  })
  return ended?.accountId ?? null
}

export interface NewAccount extends Post {
  readonly email: string
  readonly name: string
}

/** Makes an account; throws P2002 when the address has one. */
export async function insertAccount(
  tx: Tx,
  account: NewAccount,
  passwordHash: string | null,
): Promise<string> {
  const { id } = await tx.staffAccount.create({ data: { ...account, passwordHash }, select: { id: true } })
  return id
}

export const accountByEmail = (
  tx: Tx,
  email: string,
): Promise<{
  id: string
  passwordHash: string | null
  totpSecret: Uint8Array | null
  active: boolean
} | null> =>
  tx.staffAccount.findUnique({
    where: { email },
    select: { id: true, passwordHash: true, totpSecret: true, active: true },
  })

export async function insertInvitation(
  tx: Tx,
  invitation: {
    tokenHash: Uint8Array<ArrayBuffer>
    accountId: string
    totpSecret: Uint8Array<ArrayBuffer>
    createdAt: Instant
    expiresAt: Instant
  },
): Promise<void> {
  // An older link is worth nothing once there is a newer one.
  await tx.invitation.deleteMany({ where: { accountId: invitation.accountId, usedAt: null } })
  await tx.invitation.create({ data: invitation, select: { accountId: true } })
}

export interface Invited {
  readonly id: string
  readonly email: string
  readonly name: string
  /** Sealed for the account. */
  readonly totpSecret: Uint8Array<ArrayBuffer>
}

/** Whose password and second factor an unused invitation sets. */
export async function invited(
  tokenHash: Uint8Array<ArrayBuffer>,
  now: Instant,
  tx: Tx = db,
): Promise<Invited | null> {
  const row = await tx.invitation.findFirst({
    where: { tokenHash, usedAt: null, expiresAt: { gt: now }, account: { active: true } },
    select: { totpSecret: true, account: { select: { id: true, email: true, name: true } } },
  })
  return row?.totpSecret ? { ...row.account, totpSecret: row.totpSecret } : null
}

/** Spends an invitation; false when somebody else just did. */
export async function spendInvitation(
  tx: Tx,
  tokenHash: Uint8Array<ArrayBuffer>,
  now: Instant,
): Promise<boolean> {
  const { count } = await tx.invitation.updateMany({
    where: { tokenHash, usedAt: null },
    data: { usedAt: now, totpSecret: null },
  })
  return count === 1
}

export async function setSignIn(
  tx: Tx,
  id: string,
  factors: { passwordHash: string; totpSecret: Uint8Array<ArrayBuffer>; totpStep: number },
): Promise<void> {
  await tx.staffAccount.update({ where: { id }, data: factors, select: { id: true } })
}

/**
 * The admins there are, held until the transaction ends: whoever takes an admin away does it one at a time, and is
 * one of those who remain.
 */
export async function lockAdmins(tx: Tx): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM staff_accounts WHERE role = 'admin' AND active ORDER BY id FOR UPDATE`
  return rows.map(({ id }) => id)
}

export async function setPassword(tx: Tx, id: string, passwordHash: string): Promise<void> {
  await tx.staffAccount.update({ where: { id }, data: { passwordHash }, select: { id: true } })
}

/** An account's post, held so that nobody gives it a case meanwhile; null where there is no account. */
export async function lockPost(tx: Tx, id: string): Promise<(Post & { readonly active: boolean }) | null> {
  await tx.$queryRaw`SELECT FROM staff_accounts WHERE id = ${id}::uuid FOR UPDATE`
  return tx.staffAccount.findUnique({
    where: { id },
    select: { role: true, areaId: true, agencyId: true, carrierId: true, active: true },
  })
}

/** Whether an account can have a case of an area, and can until the transaction ends. */
export async function holdAssignable(tx: Tx, id: string, areaId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT FROM staff_accounts WHERE id = ${id}::uuid AND active
      AND (role = 'city_police' OR role IN ('officer', 'supervisor') AND area_id = ${areaId}) FOR SHARE`
  return rows.length > 0
}

export async function updateAccount(
  tx: Tx,
  id: string,
  data: Post | { readonly active: boolean },
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
}

const ACCOUNT = { ...ACTOR, email: true, active: true, passwordHash: true, totpSecret: true } as const

type StoredAccount = Omit<AccountRow, 'canSignIn'> & Pick<Credentials, 'passwordHash' | 'totpSecret'>
const toAccount = ({ passwordHash, totpSecret, ...row }: StoredAccount): AccountRow => ({
  ...row,
  canSignIn: passwordHash !== null && totpSecret !== null,
})

export async function allAccounts(): Promise<AccountRow[]> {
  const rows = await db.staffAccount.findMany({
    orderBy: [{ active: 'desc' }, { role: 'asc' }, { name: 'asc' }],
    take: 1000,
    select: ACCOUNT,
  })
  return rows.map(toAccount)
}

export async function accountById(id: string): Promise<AccountRow | null> {
  const row = await db.staffAccount.findUnique({ where: { id }, select: ACCOUNT })
  return row && toAccount(row)
}

/** Names by account id, for a history; what is no account's id, such as a carrier's, has none here. */
export const namesOf = async (ids: readonly string[]): Promise<ReadonlyMap<string, string>> =>
  new Map([...(await peopleOf(ids))].map(([id, { name }]) => [id, name]))

/** The same with the role that they have now. */
export async function peopleOf(
  ids: readonly string[],
): Promise<ReadonlyMap<string, { readonly name: string; readonly role: StaffRole }>> {
  const rows = await db.staffAccount.findMany({
    where: { id: { in: ids.filter((id) => z.uuid().safeParse(id).success) } },
    select: { id: true, name: true, role: true },
  })
  return new Map(rows.map(({ id, ...person }) => [id, person]))
}

export interface Assignable {
  readonly id: string
  readonly name: string
  readonly role: StaffRole
  readonly areaId: string | null
}

/** The officers and supervisors of an area to whom a case can be given. */
export const assignable = (areaId: string, tx: Tx = db): Promise<Assignable[]> =>
  tx.staffAccount.findMany({
    where: { areaId, active: true, role: { in: ['officer', 'supervisor'] } },
    orderBy: { name: 'asc' },
    select: { id: true, name: true, role: true, areaId: true },
  })
