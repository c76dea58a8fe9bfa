import '#server-only'
import type { CodePurpose, Prisma } from '#generated/prisma/client.ts'
import type { Instant } from '#lib/time.ts'
import { queryOutsideTransaction, sql, type Tx } from '#platform/db.ts'

export type { CodePurpose }

/** Lets one sender at a time through for a contact, until its transaction ends. */
export async function lockContact(tx: Tx, contactHash: Uint8Array): Promise<void> {
  const key = Buffer.from(contactHash).readBigInt64BE()
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${key})`
}

export const sendsSince = (tx: Tx, contactHash: Uint8Array<ArrayBuffer>, since: Instant): Promise<number> =>
  tx.codeSend.count({ where: { contactHash, at: { gt: since } } })

export async function recordSend(tx: Tx, contactHash: Uint8Array<ArrayBuffer>, at: Instant): Promise<void> {
  await tx.codeSend.create({ data: { contactHash, at }, select: { id: true } })
}

/** Puts a new code in the place of those before it. */
export async function replaceCode(tx: Tx, code: Prisma.ContactCodeUncheckedCreateInput): Promise<void> {
  await tx.contactCode.deleteMany({ where: { caseId: code.caseId, purpose: code.purpose } })
  await tx.contactCode.create({ data: code, select: { id: true } })
}

/** Returns the case or draft for which a contact was sent its newest code; null for none. */
export async function newestCodeFor(
  tx: Tx,
  contactHash: Uint8Array<ArrayBuffer>,
  purpose: CodePurpose,
): Promise<string | null> {
  const code = await tx.contactCode.findFirst({
    where: { contactHash, purpose },
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

/** Spends one try on a case's newest code and answers what it is compared with; null when there is no code. */
export async function spendTry(caseId: string, purpose: CodePurpose): Promise<TriedCode | null> {
  const rows = await queryOutsideTransaction<TriedCode & { readonly [column: string]: unknown }>(sql`
    UPDATE contact_codes SET attempts = attempts + 1
    WHERE id = (SELECT id FROM contact_codes WHERE case_id = ${caseId}::uuid AND purpose = ${purpose}::code_purpose
                ORDER BY created_at DESC, id DESC LIMIT 1)
    RETURNING id, code_hash, contact_hash, expires_at, used_at, attempts`)
  return rows[0] ?? null
}

/** Marks a code as used. False when it was used meanwhile. */
export async function markCodeUsed(tx: Tx, id: string, now: Instant): Promise<boolean> {
  const { count } = await tx.contactCode.updateMany({ where: { id, usedAt: null }, data: { usedAt: now } })
  return count === 1
}
