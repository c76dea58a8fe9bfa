import '#server-only'
import type { CaseAccess, Prisma } from '#generated/prisma/client.ts'
import { systemScope } from '#lib/access/scope.ts'
import { addMilliseconds, HOUR, type Instant } from '#lib/time.ts'
import { keyedHash, sealForCookie, unsealForCookie } from '#platform/crypto.ts'
import { db, sql } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'

export type { CaseAccess }

export interface VisitRow {
  readonly caseId: string
  readonly access: CaseAccess
  readonly expiresAt: Instant
  readonly hasFlash: boolean
  readonly number: string
}

export const VISIT_LENGTH = 2 * HOUR
/** A visit used again within this time is not written again. */
const GRACE = HOUR / 12

export async function keepVisit(token: string, expiresAt: Instant, now: Instant): Promise<void> {
  const wanted = addMilliseconds(now, VISIT_LENGTH)
  if (wanted.getTime() - expiresAt.getTime() <= GRACE) return
  await db.caseSession.updateMany({ where: { tokenHash: hashVisit(token) }, data: { expiresAt: wanted } })
}

/** Stores a message for the next page, sealed so that only this browser's cookie opens it. */
export async function setFlash(token: string, said: unknown): Promise<void> {
  const data = { flash: sealForCookie(token, 'flash', said) }
  await db.caseSession.updateMany({ where: { tokenHash: hashVisit(token) }, data })
}

/** Removes and returns the flash; only one of two simultaneous readers gets it. */
export async function takeFlash<T>(token: string): Promise<T | null> {
  const [row] = await db.$queryRaw<{ flash: Uint8Array | null }[]>`
    UPDATE case_sessions s SET flash = NULL
    FROM (SELECT token_hash, flash FROM case_sessions WHERE token_hash = ${hashVisit(token)} FOR UPDATE) before
    WHERE s.token_hash = before.token_hash RETURNING before.flash`
  return row?.flash ? unsealForCookie<T>(token, 'flash', row.flash) : null
}

/** Returns the visit of a browser's token, or null if it has expired or does not exist. */
export const findVisit = (token: string, now: Instant): Promise<VisitRow | null> =>
  readVisit(token, now, sql`cases`)

export const findObjectionVisit = (token: string, now: Instant): Promise<VisitRow | null> =>
  readVisit(token, now, sql`objections`)

async function readVisit(token: string, now: Instant, opened: Prisma.Sql): Promise<VisitRow | null> {
  const rows = await inScope(
    systemScope(),
    () => db.$queryRaw<VisitRow[]>`
    SELECT s.case_id AS "caseId", s.access, s.expires_at AS "expiresAt", s.flash IS NOT NULL AS "hasFlash", o.number
    FROM case_sessions s JOIN ${opened} o ON o.id = s.case_id
    WHERE s.token_hash = ${hashVisit(token)} AND s.expires_at > ${now}`,
  )
  return rows[0] ?? null
}

export async function findPhonesVisit(token: string, now: Instant) {
  const rows = await inScope(
    systemScope(),
    () => db.$queryRaw<(VisitRow & { openedBy: Uint8Array })[]>`
    SELECT s.case_id AS "caseId", s.access, s.expires_at AS "expiresAt", s.flash IS NOT NULL AS "hasFlash", '' AS number,
      s.opened_by AS "openedBy"
    FROM case_sessions s JOIN registrants r ON r.id = s.case_id
    WHERE s.token_hash = ${hashVisit(token)} AND s.expires_at > ${now} AND s.opened_by IS NOT NULL`,
  )
  return rows[0] ?? null
}

export const hashVisit = (token: string): Uint8Array<ArrayBuffer> => keyedHash('case-session', token)
