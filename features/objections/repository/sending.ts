import '#server-only'
import type { ReportedParticulars } from '#features/cases/rules/particulars.ts'
import { systemScope } from '#lib/access/scope.ts'
import { addMilliseconds, HOUR, type Instant } from '#lib/time.ts'
import { seal, sealForCookie, unsealForCookie } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { deferInsert } from '#platform/deferred-writes.ts'
import { inScope } from '#platform/scope.ts'
import { cookieHash, type ObjectionDraft } from './drafts.ts'
import { SEALED } from './objections.ts'

export interface Sending {
  readonly cookie: string
  readonly holder: ReportedParticulars
  readonly against: { readonly id: string; readonly unitId: string }
  readonly locale: string
  readonly secret: string
  readonly secretHash: Uint8Array<ArrayBuffer>
  readonly dueAt: Instant
  readonly now: Instant
}

const receiptPlace = (id: string): string => `objection-receipt:${id}`

/** Makes a sent objection of a draft that is locked. */
export async function markSent(tx: Tx, { id, key }: ObjectionDraft, s: Sending): Promise<void> {
  await tx.objection.update({
    where: { id },
    data: {
      state: 'open',
      waiting: true,
      locale: s.locale,
      againstId: s.against.id,
      unitId: s.against.unitId,
      sealed: seal(key, SEALED, s.holder),
      secretHash: s.secretHash,
      receiptSealed: sealForCookie(s.cookie, receiptPlace(id), s.secret),
      sentAt: s.now,
      dueAt: s.dueAt,
    },
    select: { id: true },
  })
}

export const insertConsents = (
  tx: Tx,
  rows: readonly { caseId: string; purpose: string; version: string; at: Instant }[],
): Promise<void> => deferInsert(tx, 'consents', rows)

/** Returns what a browser has sent with this key; null once its 24 hours are over. */
export async function sentWith(
  cookie: string,
  now: Instant,
  tx: Tx = db,
): Promise<{ readonly id: string; readonly number: string; readonly secret: string | null } | null> {
  const row = await inScope(systemScope(), () =>
    tx.objection.findFirst({
      where: { cookieHash: cookieHash(cookie), sentAt: { gt: addMilliseconds(now, -24 * HOUR) } },
      select: { id: true, number: true, receiptSealed: true },
    }),
  )
  if (!row) return null
  const { receiptSealed, ...sent } = row
  return {
    ...sent,
    secret: receiptSealed && unsealForCookie<string>(cookie, receiptPlace(row.id), receiptSealed),
  }
}

/** Ends what a browser's key opens. */
export async function dropReceipt(cookie: string): Promise<void> {
  await inScope(systemScope(), () =>
    db.objection.updateMany({
      where: { cookieHash: cookieHash(cookie) },
      data: { receiptSealed: null, cookieHash: null },
    }),
  )
}

/** Drops the secrets of receipts whose 24 hours are over; answers how many. */
export async function dropOldReceipts(now: Instant): Promise<number> {
  const { count } = await db.objection.updateMany({
    where: { receiptSealed: { not: null }, sentAt: { lte: addMilliseconds(now, -24 * HOUR) } },
    data: { receiptSealed: null, cookieHash: null },
  })
  return count
}

/** Returns what the holder agreed to when they sent it. */
export const consentsOf = (id: string) =>
  db.consent.findMany({
    where: { caseId: id },
    orderBy: { purpose: 'asc' },
    select: { purpose: true, version: true, at: true, withdrawnAt: true },
  })

/** Counts the objections that a contact has sent since then, with any outcome. */
export const sentSince = (tx: Tx, contactHash: Uint8Array<ArrayBuffer>, since: Instant): Promise<number> =>
  tx.objection.count({ where: { contactHash, sentAt: { gt: since } } })
