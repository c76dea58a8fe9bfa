import '#server-only'
import type { SentCodes } from '#features/drafts/data.ts'
import { Prisma } from '#generated/prisma/client.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { keyedHash, sameBytes, seal, unseal, unwrap } from '#platform/crypto.ts'
import { db, rawQuery, type Tx } from '#platform/db.ts'
import { deferStatement } from '#platform/deferred-writes.ts'
import { WRAPPED_KEY, type WrappedKey } from '#platform/key-wrapper.ts'
import { inScope } from '#platform/scope.ts'
import type { DraftFields } from '../fields/reader-rules.ts'
import { type DraftCookie, mayOpenDraft } from './rules.ts'

export type ReportDraft = ReturnType<typeof open>

export interface DraftContent extends SentCodes {
  readonly answers: DraftFields
}

/** Hashes a browser's key; drafts and receipts share this hash. */
export const cookieHash = (cookie: string): Uint8Array<ArrayBuffer> => keyedHash('draft-cookie', cookie)

const DRAFT = {
  id: true,
  number: true,
  locale: true,
  createdAt: true,
  sealed: true,
  contactHash: true,
  filedById: true,
  expiresAt: true,
  key: { select: WRAPPED_KEY },
} as const satisfies Prisma.ReportDraftSelect

type DraftRow = Prisma.ReportDraftGetPayload<{ select: typeof DRAFT }>

function open({ key: stored, sealed, ...row }: DraftRow) {
  const key = unwrap(row.id, stored)
  return { ...row, key, content: unseal<DraftContent>(key, 'draft', sealed) }
}

export async function findByCookie(
  cookie: DraftCookie,
  now: Instant,
  tx: Tx = db,
): Promise<ReportDraft | null> {
  const where = { cookieHash: cookieHash(cookie.value), expiresAt: { gt: now } }
  const row = await inScope(systemScope(), () => tx.reportDraft.findFirst({ where, select: DRAFT }))
  return row && mayOpenDraft(row.filedById, cookie.officerId) ? open(row) : null
}

/** Locks and returns the draft of a cookie; other writers wait until the transaction ends. */
export async function lockByCookie(tx: Tx, cookie: DraftCookie, now: Instant): Promise<ReportDraft | null> {
  const draft = await lock(tx, Prisma.sql`d.cookie_hash = ${cookieHash(cookie.value)}`, now)
  return draft && mayOpenDraft(draft.filedById, cookie.officerId) ? draft : null
}

async function lock(tx: Tx, where: Prisma.Sql, now: Instant): Promise<ReportDraft | null> {
  const [row] = await rawQuery<Omit<DraftRow, 'key'> & WrappedKey>(
    tx,
    Prisma.sql`
      SELECT d.id, d.number, d.locale, d.sealed, d.contact_hash AS "contactHash", d.filed_by_id AS "filedById",
        d.created_at AS "createdAt", d.expires_at AS "expiresAt", k.wrapped, k.wrap_key_version AS "wrapKeyVersion"
      FROM report_drafts d JOIN case_keys k ON k.case_id = d.id
      WHERE ${where} AND d.expires_at > ${now} FOR UPDATE OF d`,
  )
  if (row === undefined) return null
  const { wrapped, wrapKeyVersion, ...draft } = row
  return open({ ...draft, key: { wrapped, wrapKeyVersion } })
}

/**
 * Locks drafts with a confirmed contact that expire before `before` and were not reminded of, in id order. Drafts written by an
 * officer are left out. Each result opens separately, so that a draft that cannot be opened does not stop the others.
 */
export async function lockLapsing(
  tx: Tx,
  {
    now,
    before,
    begunBefore,
    after,
  }: {
    readonly now: Instant
    readonly before: Instant
    readonly begunBefore: Instant
    readonly after: string | null
  },
): Promise<readonly { readonly id: string; readonly open: () => ReportDraft }[]> {
  const held = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM report_drafts
    WHERE expires_at > ${now} AND expires_at <= ${before} AND created_at <= ${begunBefore}
      AND contact_hash IS NOT NULL AND reminded_at IS NULL AND filed_by_id IS NULL
      AND (${after}::uuid IS NULL OR id > ${after}::uuid)
    ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED`
  const rows = await tx.reportDraft.findMany({
    where: { id: { in: held.map(({ id }) => id) } },
    select: DRAFT,
    orderBy: { id: 'asc' },
  })
  return rows.map((row) => ({ id: row.id, open: () => open(row) }))
}

export const markReminded = async (tx: Tx, id: string, now: Instant): Promise<void> => {
  await tx.reportDraft.update({ where: { id }, data: { remindedAt: now }, select: { id: true } })
}

/** Drafts of one contact that are offered; a person has one or two. */
const OFFERED = 10

/**
 * Returns the drafts whose confirmed contact has this hash, newest first: only these can be reopened. `reader` limits
 * them to the signed-in officer's drafts and those without an officer (`mayOpenDraft`), because the desk may have
 * written many under one contact.
 */
export async function listConfirmedDrafts(
  tx: Tx,
  contactHash: Uint8Array<ArrayBuffer>,
  now: Instant,
  reader?: Pick<DraftCookie, 'officerId'>,
): Promise<readonly ReportDraft[]> {
  const served = reader && { OR: [{ filedById: null }, { filedById: reader.officerId }] }
  const rows = await tx.reportDraft.findMany({
    where: { contactHash, expiresAt: { gt: now }, ...served },
    select: DRAFT,
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    take: OFFERED,
  })
  return rows.map(open)
}

/** Saves a draft; the caller has locked it. */
export async function saveReportDraft(
  tx: Tx,
  draft: Pick<ReportDraft, 'id' | 'key'>,
  change: {
    readonly content: DraftContent
    readonly locale: string
    readonly contactHash: Uint8Array | null
  },
  now: Instant,
): Promise<void> {
  await update(tx, draft.id, now, {
    sealed: seal(draft.key, 'draft', change.content),
    locale: change.locale,
    contactHash: change.contactHash && Buffer.from(change.contactHash),
    ...(change.contactHash === null && { contactConfirmedAt: null }),
  })
}

export const markContactConfirmed = (
  tx: Tx,
  id: string,
  contactHash: Uint8Array<ArrayBuffer>,
  now: Instant,
): Promise<void> => update(tx, id, now, { contactHash, contactConfirmedAt: now })

/**
 * Moves a draft to another browser; the previous one loses access. `ownDevice` is cleared, because it was said of the previous
 * device. False if the draft is gone.
 */
export async function giveReportDraft(tx: Tx, id: string, cookie: string, now: Instant): Promise<boolean> {
  const draft = await lock(tx, Prisma.sql`d.id = ${id}::uuid`, now)
  if (draft === null) return false
  const content = { ...draft.content, answers: { ...draft.content.answers, ownDevice: '' } }
  await update(tx, id, now, { cookieHash: cookieHash(cookie), sealed: seal(draft.key, 'draft', content) })
  return true
}

async function update(tx: Tx, id: string, now: Instant, data: Prisma.ReportDraftUncheckedUpdateInput) {
  const change = { ...data, updatedAt: now, version: { increment: 1 } }
  await tx.reportDraft.update({ where: { id }, data: change, select: { id: true } })
}

/** Deletes a draft that has become a case. Its key stays, because the case uses it. */
export const removeDraft = (tx: Tx, id: string): Promise<void> =>
  deferStatement(tx, Prisma.sql`DELETE FROM report_drafts WHERE id = ${id}::uuid`)

/** Returns the number of the newest case that came from a draft of this browser, within the receipt's 24 hours. */
export async function findSentNumber(cookies: readonly DraftCookie[], tx: Tx = db): Promise<string | null> {
  const rows = await inScope(systemScope(), () =>
    tx.case.findMany({
      where: { receiptCookieHash: { in: hashesOf(cookies) } },
      select: { number: true, filedById: true, receiptCookieHash: true },
      orderBy: { submittedAt: 'desc' },
    }),
  )
  return rows.find((row) => shownFor(row, cookies) !== undefined)?.number ?? null
}

export const hashesOf = (cookies: readonly DraftCookie[]) => cookies.map(({ value }) => cookieHash(value))

const shownFor = (
  { filedById, receiptCookieHash }: { filedById: string | null; receiptCookieHash: Uint8Array | null },
  cookies: readonly DraftCookie[],
): DraftCookie | undefined =>
  cookies.find(
    ({ value, officerId }) =>
      receiptCookieHash !== null &&
      sameBytes(receiptCookieHash, cookieHash(value)) &&
      mayOpenDraft(filedById, officerId),
  )

/** Finds the receipt of a case for a browser with one of these keys; also returns the key that opens it. */
export const findReceipt = (number: string, cookies: readonly DraftCookie[], now: Instant) =>
  inScope(systemScope(), () => receiptFor(number, cookies, now))

async function receiptFor(number: string, cookies: readonly DraftCookie[], now: Instant) {
  if (cookies.length === 0) return null
  const row = await db.case.findFirst({
    where: { number, receiptCookieHash: { in: hashesOf(cookies) }, receiptUntil: { gt: now } },
    select: {
      id: true,
      locale: true,
      incidentType: true,
      submittedAt: true,
      dueAt: true,
      brand: true,
      model: true,
      colour: true,
      filedById: true,
      receiptSealed: true,
      receiptCookieHash: true,
      receiptUntil: true,
      unit: { select: { id: true, nameVi: true, nameEn: true } },
      imeis: { select: { imei: true }, orderBy: { ordinal: 'asc' } },
    },
  })
  const cookie = row && shownFor(row, cookies)
  if (!row?.receiptSealed || !cookie) return null
  return { ...row, cookie: cookie.value, receiptSealed: row.receiptSealed }
}

/** Locks some expired drafts. Drafts that their owner or another worker is using are left for the next run. */
export async function lockExpiredReports(tx: Tx, now: Instant): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM report_drafts WHERE expires_at <= ${now} ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED`
  return rows.map(({ id }) => id)
}
