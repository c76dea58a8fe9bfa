import '#server-only'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { contactHash } from '#features/contact-codes/data.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { unseal, unwrap } from '#platform/crypto.ts'
import { db, rawQuery, sql, type Tx } from '#platform/db.ts'
import { WRAPPED_KEY, type WrappedKey } from '#platform/key-wrapper.ts'
import { inScope } from '#platform/scope.ts'

/** Runs work on watches and shops' books. They belong to no district and are found by their own id, contact or account. */
export const inWatches = <T>(work: () => Promise<T>): Promise<T> => inScope(systemScope(), work)

/** The field of a watch's contact under its key. */
export const WATCH_CONTACT = 'check-watch'

const OPENED = { id: true, imeis: true, locale: true, sealed: true, key: { select: WRAPPED_KEY } } as const

function open<W extends { readonly id: string; readonly sealed: Uint8Array; readonly key: WrappedKey }>({
  key: stored,
  sealed,
  ...row
}: W) {
  const key = unwrap(row.id, stored)
  return { ...row, key, contact: unseal<Contact>(key, WATCH_CONTACT, sealed) }
}

/** Locks a watch; null if it is over or deleted. */
export async function lockWatch(tx: Tx, id: string, now: Instant) {
  await tx.$queryRaw`SELECT 1 FROM check_watches WHERE id = ${id}::uuid FOR UPDATE`
  const row = await tx.checkWatch.findFirst({
    where: { id, expiresAt: { gt: now } },
    select: { ...OPENED, contactHash: true },
  })
  return row && open(row)
}

const ofContact = (contact: Contact, now: Instant) => ({
  contactHash: contactHash(contact),
  expiresAt: { gt: now },
  toldAt: null,
})

/** Counts a contact's watches and holds a lock until the transaction ends, so that one act at a time counts them. */
export async function countWatches(tx: Tx, contact: Contact, now: Instant): Promise<number> {
  const lock = Buffer.from(contactHash(contact)).readBigInt64BE(8)
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${lock})`
  return tx.checkWatch.count({ where: ofContact(contact, now) })
}

/** Returns the stored watches of a contact that has proved itself with its code, the newest first. */
export const watchesOf = (contact: Contact, now: Instant) =>
  inWatches(() =>
    db.checkWatch.findMany({
      where: ofContact(contact, now),
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      select: { id: true, imeis: true, reported: true, createdAt: true, expiresAt: true },
    }),
  )

/** True if the public check reports one of a watch's numbers now. A watch learns nothing that the check does not say. */
const IS_REPORTED = sql`EXISTS (
  SELECT 1 FROM case_imeis i
  WHERE i.is_public AND i.key14 IN (SELECT left(n, 14)::character(14) FROM unnest(w.imeis) AS u (n)))`

/** Starts a watch: from now on the contact is told when the check result differs from the present one. */
export async function startWatch(
  tx: Tx,
  { id, contact, until }: { readonly id: string; readonly contact: Contact; readonly until: Instant },
): Promise<void> {
  await tx.$executeRaw`
    UPDATE check_watches w SET contact_hash = ${contactHash(contact)}, expires_at = ${until}, reported = ${IS_REPORTED}
    WHERE id = ${id}::uuid`
}

/** Locks and returns watches whose check result has changed, at most `most`. Concurrent runs take other watches. */
export async function changedWatches(tx: Tx, now: Instant, most: number) {
  const changed = await rawQuery<{ id: string; reported: boolean }>(
    tx,
    sql`
      SELECT w.id, NOT w.reported AS reported FROM check_watches w
      WHERE w.contact_hash IS NOT NULL AND w.told_at IS NULL AND w.expires_at > ${now}
        AND w.reported <> ${IS_REPORTED}
      ORDER BY w.id LIMIT ${most} FOR UPDATE OF w SKIP LOCKED`,
  )
  const rows = await tx.checkWatch.findMany({
    where: { id: { in: changed.map(({ id }) => id) } },
    select: OPENED,
  })
  const reported = new Set(changed.filter((one) => one.reported).map(({ id }) => id))
  return rows.map((row) => ({ ...open(row), reported: reported.has(row.id) }))
}

/** Deletes watches with their keys and everything sealed under them; returns the ids found. */
export async function removeWatches(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    DELETE FROM case_keys k USING check_watches w
    WHERE k.case_id = w.id AND w.id = ANY (${[...ids]}::uuid[]) RETURNING k.case_id AS id`
  return rows.map(({ id }) => id)
}
