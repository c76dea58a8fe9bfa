import '#server-only'
import type { BrowserLabel } from '#domain/access/browser.ts'
import { SESSION_IDLE } from '#domain/access/sign-in.ts'
import { type Instant, plus } from '#domain/time.ts'
import { db, type Tx } from '#server/platform/db.ts'

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
  lastSeenAt: { gt: plus(now, -SESSION_IDLE) },
})

/** The sessions of an account that would still open something, the newest first. */
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
