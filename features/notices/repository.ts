import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import type { Instant } from '#lib/time.ts'
import { type CaseKey, unseal, unwrap } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { deferInsert } from '#platform/deferred-writes.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import type { NoticeParams, NoticeTemplate } from './templates.ts'

/** The sealed content of a notice. */
export interface NoticeWords {
  readonly to: string
  readonly params: NoticeParams
}

export async function insert(tx: Tx, notice: Prisma.NoticeUncheckedCreateInput): Promise<void> {
  await deferInsert(tx, 'notices', [notice])
}

export interface WaitingNotice extends NoticeWords {
  readonly channel: 'email' | 'phone'
  readonly template: NoticeTemplate
  readonly locale: string
  readonly createdAt: Instant
  /** Tries that failed. */
  readonly attempts: number
}

/** Returns a notice that is still to be sent, opened; null when it has been, or its case is gone. */
export async function findWaiting(id: string): Promise<WaitingNotice | null> {
  const row = await db.notice.findFirst({
    where: { id, state: 'queued' },
    select: {
      caseId: true,
      channel: true,
      template: true,
      locale: true,
      sealed: true,
      createdAt: true,
      attempts: true,
      key: { select: WRAPPED_KEY },
    },
  })
  if (!row) return null
  const words = unseal<NoticeWords>(unwrap(row.caseId, row.key), `notice:${id}`, row.sealed)
  return { ...row, ...words, template: row.template as NoticeTemplate }
}

export async function markSent(id: string, at: Instant): Promise<void> {
  await db.notice.updateMany({
    where: { id },
    data: { state: 'sent', sentAt: at, error: null, attempts: { increment: 1 } },
  })
}

/** Counts a failed try; `fault` is a code without anything personal. */
export async function markTried(id: string, fault: string, last: boolean): Promise<void> {
  await db.notice.updateMany({
    where: { id },
    data: { error: fault, attempts: { increment: 1 }, ...(last && { state: 'failed' as const }) },
  })
}

/** Returns the messages that a case's key seals, in the order they were written; codes in them are left out. */
export async function noticesSealedBy(key: CaseKey) {
  const rows = await db.notice.findMany({
    where: { caseId: key.caseId },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: { id: true, template: true, sealed: true, state: true, createdAt: true, sentAt: true },
  })
  return rows.map(({ id, sealed, createdAt: at, ...row }) => ({
    ...row,
    at,
    to: unseal<NoticeWords>(key, `notice:${id}`, sealed).to,
  }))
}
