import '#server-only'
import type { StaffActor, StaffReader } from '#lib/access/actor.ts'
import type { BrowserLabel } from '#lib/access/browser.ts'
import { may } from '#lib/access/roles.ts'
import { addMilliseconds, type Instant, MINUTE } from '#lib/time.ts'
import { keyedHash, sameBytes } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { ACTOR, addServices } from '../data.ts'
import type { FactorOwner } from '../factors/data.ts'
import type { CodesGiven } from '../factors/rules.ts'
import type { WaitingAccount } from '../rules.ts'
import { SESSION_IDLE } from './rules.ts'

export interface Credentials extends FactorOwner {
  readonly passwordHash: string | null
}

export async function findCredentials(email: string) {
  const account = await db.staffAccount.findFirst({
    where: { email, active: true },
    select: {
      id: true,
      passwordHash: true,
      totpSecret: true,
      totpStep: true,
      role: true,
      _count: { select: { passkeys: true } },
    },
  })
  if (!account) return null
  const { _count, ...owner } = account
  return { ...owner, passkeys: _count.passkeys }
}

/** Checks that password and second factor are still those that were compared, and locks the row. */
export async function lockCredentials(tx: Tx, { id, passwordHash, totpSecret }: Credentials) {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT FROM staff_accounts WHERE id = ${id}::uuid AND active
      AND password_hash = ${passwordHash} AND totp_secret = ${totpSecret} FOR NO KEY UPDATE`
  return rows.length > 0
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

export type SessionActor = StaffReader &
  WaitingAccount &
  CodesGiven & {
    readonly email: string
    /** True if keyboard shortcuts are on. */
    readonly keysOn: boolean
    /** True if lists have more space between rows. */
    readonly roomy: boolean
    readonly passkeys: number
  }

/** Returns the person of a live session, and keeps it alive unless a page polls by itself (`watching`). */
export async function findActor(
  tokenHash: Uint8Array<ArrayBuffer>,
  now: Instant,
  watching = false,
): Promise<SessionActor | null> {
  const session = await db.staffSession.findFirst({
    where: {
      tokenHash,
      endedAt: null,
      expiresAt: { gt: now },
      lastSeenAt: { gt: addMilliseconds(now, -SESSION_IDLE) },
      account: { active: true },
    },
    select: {
      id: true,
      lastSeenAt: true,
      steppedUpAt: true,
      codeAt: true,
      codeFor: true,
      account: {
        select: {
          ...ACTOR,
          email: true,
          decidesFrom: true,
          keysOn: true,
          roomy: true,
          _count: { select: { passkeys: true } },
        },
      },
    },
  })
  if (!session) return null
  // A page asks several times; a timeout of half an hour needs no write each time.
  if (!watching && session.lastSeenAt < addMilliseconds(now, -MINUTE)) {
    await db.staffSession.updateMany({ where: { tokenHash, endedAt: null }, data: { lastSeenAt: now } })
  }
  const { _count, ...account } = session.account
  return {
    kind: 'staff',
    ...addServices(account),
    passkeys: _count.passkeys,
    sessionId: session.id,
    steppedUpAt: session.steppedUpAt,
    codeAt: session.codeAt,
    codeFor: session.codeFor,
  }
}

const live = (accountId: string, now: Instant) => ({
  accountId,
  endedAt: null,
  expiresAt: { gt: now },
  lastSeenAt: { gt: addMilliseconds(now, -SESSION_IDLE) },
})

/** Ends an account's live sessions: all, all `but` one, or `only` one. Returns how many. */
export async function endSessions(
  tx: Tx,
  accountId: string,
  now: Instant,
  which: { readonly but?: Uint8Array<ArrayBuffer>; readonly only?: string } = {},
): Promise<number> {
  const { count } = await tx.staffSession.updateMany({
    where: {
      ...live(accountId, now),
      ...(which.but && { tokenHash: { not: which.but } }),
      ...(which.only && { id: which.only }),
    },
    data: { endedAt: now },
  })
  return count
}

export async function findActors(
  ids: readonly string[],
  now: Instant,
): Promise<ReadonlyMap<string, StaffActor>> {
  const rows = await db.staffSession.findMany({
    where: {
      id: { in: [...ids] },
      endedAt: null,
      expiresAt: { gt: now },
      lastSeenAt: { gt: addMilliseconds(now, -SESSION_IDLE) },
      account: { active: true },
    },
    select: { id: true, account: { select: ACTOR } },
  })
  return new Map(rows.map(({ id, account }) => [id, { kind: 'staff', ...addServices(account) }]))
}

export type Session = Awaited<ReturnType<typeof listSessions>>[number]

/** Returns an account's live sessions; `current` marks the session of `token`. */
export async function listSessions(actor: StaffActor, accountId: string, token: string | null, now: Instant) {
  if (actor.id !== accountId && !may(actor.role, 'account:manage')) return []
  const own = keyedHash('staff-session', token ?? '')
  const rows = await db.staffSession.findMany({
    where: live(accountId, now),
    orderBy: { createdAt: 'desc' },
    take: 50,
    select: { id: true, browser: true, createdAt: true, lastSeenAt: true, tokenHash: true },
  })
  return rows.map(({ tokenHash, browser, ...session }) => ({
    ...session,
    browser: browser as BrowserLabel,
    current: sameBytes(own, tokenHash),
  }))
}
