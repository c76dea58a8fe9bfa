import '#server-only'
import type { CodePurpose, Prisma } from '#generated/prisma/client.ts'
import type { Instant } from '#lib/time.ts'
import { queryOutsideTransaction, rawQuery, sql, type Tx } from '#platform/db.ts'
import type { CodesAsked } from './rules/asking.ts'

export type { CodePurpose }

/** Lets one sender at a time through for a contact, until its transaction ends. */
export async function lockContact(tx: Tx, contactHash: Uint8Array): Promise<void> {
  const key = Buffer.from(contactHash).readBigInt64BE()
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${key})`
}

export interface CodeAsk {
  /** Keyed hash of the contact, or of the case number. */
  readonly contactHash: Uint8Array<ArrayBuffer>
  readonly purpose: CodePurpose
  readonly networkHash: Uint8Array<ArrayBuffer>
  readonly ownId: string | null
}

/** Counts what was asked for since a time. Rows of the release before have no purpose and count for none. */
export async function asksSince(tx: Tx, ask: CodeAsk, since: Instant): Promise<CodesAsked> {
  const [row] = await rawQuery<{ all: number; network: number; own: number }>(
    tx,
    sql`
      SELECT count(*)::int AS "all", count(*) FILTER (WHERE network_hash = ${ask.networkHash})::int AS network,
        count(*) FILTER (WHERE own_id = ${ask.ownId}::uuid)::int AS own
      FROM code_sends
      WHERE contact_hash = ${ask.contactHash} AND at > ${since} AND purpose = ${ask.purpose}::code_purpose`,
  )
  const { all = 0, network = 0, own = 0 } = row ?? {}
  return { all, network, own: ask.ownId === null ? null : own }
}

export async function recordAsk(tx: Tx, ask: CodeAsk, at: Instant): Promise<void> {
  await tx.codeSend.create({ data: { ...ask, at }, select: { id: true } })
}

/**
 * Puts a new code in the place of those that the same browser asked for before. A code that confirms a contact leaves that of
 * another contact: of two, either may be entered.
 */
export async function replaceCode(
  tx: Tx,
  {
    asker = null,
    ...code
  }: Prisma.ContactCodeUncheckedCreateInput & { contactHash: Uint8Array<ArrayBuffer> },
): Promise<void> {
  const { caseId, purpose, contactHash, createdAt } = code
  const before = { asker, ...(purpose === 'confirm_contact' && { contactHash }) }
  await tx.contactCode.deleteMany({
    where: { caseId, purpose, OR: [before, { expiresAt: { lt: createdAt } }] },
  })
  await tx.contactCode.create({ data: { ...code, asker }, select: { id: true } })
}

/** Returns the case or draft for which a contact was sent its newest code, asked for by one browser; null for none. */
export async function newestCodeFor(
  tx: Tx,
  contactHash: Uint8Array<ArrayBuffer>,
  purpose: CodePurpose,
  asker: Uint8Array<ArrayBuffer> | null,
): Promise<string | null> {
  const code = await tx.contactCode.findFirst({
    where: { contactHash, purpose, asker },
    select: { caseId: true },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  })
  return code?.caseId ?? null
}

export interface TriedCode {
  readonly id: string
  readonly code_hash: Buffer
  readonly contact_hash: Buffer<ArrayBuffer>
  readonly expires_at: Instant
  readonly used_at: Instant | null
  /** This try included. */
  readonly attempts: number
}

/**
 * Spends one try on the newest code of a case that one browser asked for, of one contact or of any, and answers what it is
 * compared with; null when there is no code.
 */
export async function spendTry(
  caseId: string,
  purpose: CodePurpose,
  asker: Uint8Array<ArrayBuffer> | null,
  contactHash: Uint8Array<ArrayBuffer> | null,
): Promise<TriedCode | null> {
  const rows = await queryOutsideTransaction<TriedCode & { readonly [column: string]: unknown }>(sql`
    UPDATE contact_codes SET attempts = attempts + 1
    WHERE id = (SELECT id FROM contact_codes WHERE case_id = ${caseId}::uuid AND purpose = ${purpose}::code_purpose
                  AND asker IS NOT DISTINCT FROM ${asker}::bytea
                  AND (${contactHash}::bytea IS NULL OR contact_hash = ${contactHash}::bytea)
                ORDER BY created_at DESC, id DESC LIMIT 1)
    RETURNING id, code_hash, contact_hash, expires_at, used_at, attempts`)
  return rows[0] ?? null
}

/** Marks a code as used. False when it was used meanwhile. */
export async function markCodeUsed(tx: Tx, id: string, now: Instant): Promise<boolean> {
  const { count } = await tx.contactCode.updateMany({ where: { id, usedAt: null }, data: { usedAt: now } })
  return count === 1
}
