import '#server-only'
import type { CaseAccess } from '#generated/prisma/client.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'

export type { CaseAccess }

type Hash = Uint8Array<ArrayBuffer>

export interface NewVisit {
  readonly tokenHash: Hash
  readonly caseId: string
  readonly access: CaseAccess
  readonly identityId: string | null
  readonly openedBy: Hash | null
  readonly createdAt: Instant
  readonly expiresAt: Instant
}

export async function insert(tx: Tx, visit: NewVisit): Promise<void> {
  await tx.caseSession.create({ data: visit, select: { caseId: true } })
}

export interface VisitRow {
  readonly caseId: string
  readonly access: CaseAccess
  readonly expiresAt: Instant
  readonly hasFlash: boolean
  readonly number: string
}

/** Returns the visit of a token that has not run out. */
export async function findOpen(tokenHash: Hash, now: Instant): Promise<VisitRow | null> {
  const rows = await inScope(
    systemScope(),
    () => db.$queryRaw<VisitRow[]>`
    SELECT s.case_id AS "caseId", s.access, s.expires_at AS "expiresAt", s.flash IS NOT NULL AS "hasFlash", c.number
    FROM case_sessions s JOIN cases c ON c.id = s.case_id
    WHERE s.token_hash = ${tokenHash} AND s.expires_at > ${now}`,
  )
  return rows[0] ?? null
}

/** Returns the same for a visit to an objection. */
export async function findObjectionOpen(tokenHash: Hash, now: Instant): Promise<VisitRow | null> {
  const rows = await inScope(
    systemScope(),
    () => db.$queryRaw<VisitRow[]>`
    SELECT s.case_id AS "caseId", s.access, s.expires_at AS "expiresAt", s.flash IS NOT NULL AS "hasFlash", o.number
    FROM case_sessions s JOIN objections o ON o.id = s.case_id
    WHERE s.token_hash = ${tokenHash} AND s.expires_at > ${now}`,
  )
  return rows[0] ?? null
}

/** Returns the same for a visit to a list of phones, with the contact whose code opened it. */
export async function findPhonesOpen(
  tokenHash: Hash,
  now: Instant,
): Promise<(VisitRow & { readonly openedBy: Uint8Array }) | null> {
  const rows = await inScope(
    systemScope(),
    () => db.$queryRaw<(VisitRow & { openedBy: Uint8Array })[]>`
    SELECT s.case_id AS "caseId", s.access, s.expires_at AS "expiresAt", s.flash IS NOT NULL AS "hasFlash", '' AS number,
      s.opened_by AS "openedBy"
    FROM case_sessions s JOIN registrants r ON r.id = s.case_id
    WHERE s.token_hash = ${tokenHash} AND s.expires_at > ${now} AND s.opened_by IS NOT NULL`,
  )
  return rows[0] ?? null
}

export async function extendSession(tokenHash: Hash, expiresAt: Instant): Promise<void> {
  await db.caseSession.updateMany({ where: { tokenHash }, data: { expiresAt } })
}

export async function remove(tx: Tx, tokenHash: Hash): Promise<void> {
  await tx.caseSession.deleteMany({ where: { tokenHash } })
}

export async function removeOf(tx: Tx, identityId: string, caseId?: string): Promise<void> {
  await tx.caseSession.deleteMany({ where: { identityId, ...(caseId !== undefined && { caseId }) } })
}

export async function writeFlash(tokenHash: Hash, flash: Hash): Promise<void> {
  await db.caseSession.updateMany({ where: { tokenHash }, data: { flash } })
}

/** Takes the flash away and returns it: of two readers at once, one gets it. */
export async function removeFlash(tokenHash: Hash): Promise<Uint8Array | null> {
  const rows = await db.$queryRaw<{ flash: Uint8Array | null }[]>`
    UPDATE case_sessions s SET flash = NULL
    FROM (SELECT token_hash, flash FROM case_sessions WHERE token_hash = ${tokenHash} FOR UPDATE) before
    WHERE s.token_hash = before.token_hash RETURNING before.flash`
  return rows[0]?.flash ?? null
}
