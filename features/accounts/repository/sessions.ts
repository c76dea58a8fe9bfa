import '#server-only'
import type { StaffActor, StaffReader } from '#lib/access/actor.ts'
import type { BrowserLabel } from '#lib/access/browser.ts'
import { addMilliseconds, type Instant, MINUTE } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { SESSION_IDLE } from '../rules/sign-in.ts'
import type { CodesGiven } from '../rules/step-up.ts'
import type { Waiting } from '../rules/waiting.ts'
import { ACTOR, withServices } from './accounts.ts'

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

/** A person who is signed in, with their address and the codes they gave in this session. */
export type SessionActor = StaffReader &
  Waiting &
  CodesGiven & {
    readonly email: string
    /** False where they have switched the keys of the pages off. */
    readonly keysOn: boolean
    /** True where they want more room between the rows of lists. */
    readonly roomy: boolean
    /** How many passkeys they have. */
    readonly passkeys: number
  }

/**
 * Returns who a live session belongs to, with role and unit as they are now; it is kept alive by being asked for, unless
 * a page asks by itself (`watching`).
 */
export async function actorOf(
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
  // A page asks several times; the clock of a half hour needs no write for each.
  if (!watching && session.lastSeenAt < addMilliseconds(now, -MINUTE)) {
    await db.staffSession.updateMany({ where: { tokenHash, endedAt: null }, data: { lastSeenAt: now } })
  }
  const { _count, ...account } = session.account
  return {
    kind: 'staff',
    ...withServices(account),
    passkeys: _count.passkeys,
    sessionId: session.id,
    steppedUpAt: session.steppedUpAt,
    codeAt: session.codeAt,
    codeFor: session.codeFor,
  }
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

export interface SessionRow {
  readonly id: string
  readonly browser: BrowserLabel
  readonly createdAt: Instant
  readonly lastSeenAt: Instant
  readonly tokenHash: Uint8Array
}

const live = (accountId: string, now: Instant) => ({
  accountId,
  endedAt: null,
  expiresAt: { gt: now },
  lastSeenAt: { gt: addMilliseconds(now, -SESSION_IDLE) },
})

/** Returns the sessions of an account that would still open something, the newest first. */
export async function liveSessions(accountId: string, now: Instant): Promise<SessionRow[]> {
  const rows = await db.staffSession.findMany({
    where: live(accountId, now),
    orderBy: { createdAt: 'desc' },
    take: 50,
    select: { id: true, browser: true, createdAt: true, lastSeenAt: true, tokenHash: true },
  })
  return rows.map(({ browser, ...row }) => ({ ...row, browser: browser as BrowserLabel }))
}

/** Ends an account's sessions: all, all `but` one, or `only` one; answers how many were still live. */
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

/** Returns whose the live ones of some sessions are, by the sessions' names, with role and unit as they are now. */
export async function actorsOf(
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
  return new Map(rows.map(({ id, account }) => [id, { kind: 'staff', ...withServices(account) }]))
}
