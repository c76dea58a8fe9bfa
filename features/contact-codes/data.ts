import '#server-only'
import type { Contact } from '#features/cases/particulars/rules.ts'
import type { CodePurpose } from '#generated/prisma/client.ts'
import type { Instant } from '#lib/time.ts'
import { keyedHash } from '#platform/crypto.ts'
import { queryOutsideTransaction, rawQuery, sql, type Tx } from '#platform/db.ts'
import type { CodesAsked } from './rules.ts'

/** Hashes a contact, where the contact itself must not be stored. Ignores case. */
export const contactHash = (contact: Contact): Uint8Array<ArrayBuffer> =>
  keyedHash('contact', `${contact.kind}:${contact.value.toLowerCase()}`)

/** Returns the hash in hexadecimal, for jobs: the queue must not reveal contacts. */
export const writeContactHash = (contact: Contact): string =>
  Buffer.from(contactHash(contact)).toString('hex')

export type { CodePurpose }

/** Counts the requests since a time. Rows of the previous release have no purpose and are not counted. */
export async function countAsks(
  tx: Tx,
  ask: {
    readonly contactHash: Uint8Array<ArrayBuffer>
    readonly purpose: CodePurpose
    readonly networkHash: Uint8Array<ArrayBuffer>
    readonly ownId: string | null
  },
  since: Instant,
): Promise<CodesAsked> {
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

/**
 * Spends one try on the newest code of a browser for a case, and for `sentTo` if given. Runs outside the caller's transaction,
 * so that a rollback keeps the count. Returns the code's row with the new count.
 */
export async function spendTry(
  caseId: string,
  purpose: CodePurpose,
  asker: Uint8Array<ArrayBuffer> | null,
  sentTo: Uint8Array<ArrayBuffer> | null,
) {
  const rows = await queryOutsideTransaction<{
    readonly id: string
    readonly code_hash: Buffer
    readonly contact_hash: Buffer<ArrayBuffer>
    readonly expires_at: Instant
    readonly used_at: Instant | null
    readonly attempts: number
  }>(sql`
    UPDATE contact_codes SET attempts = attempts + 1
    WHERE id = (SELECT id FROM contact_codes WHERE case_id = ${caseId}::uuid AND purpose = ${purpose}::code_purpose
                  AND asker IS NOT DISTINCT FROM ${asker}::bytea
                  AND (${sentTo}::bytea IS NULL OR contact_hash = ${sentTo}::bytea)
                ORDER BY created_at DESC, id DESC LIMIT 1)
    RETURNING id, code_hash, contact_hash, expires_at, used_at, attempts`)
  return rows[0] ?? null
}
