import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import type { Instant } from '#lib/time.ts'
import { type CaseKey, unseal, unwrap } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { deferInsert } from '#platform/deferred-writes.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { isNews, type MessageWay, type Report } from './rules/delivery.ts'
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
  readonly caseId: string
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

export async function markSent(id: string, way: MessageWay, at: Instant): Promise<void> {
  await db.notice.updateMany({
    where: { id },
    data: { state: 'sent', way, sentAt: at, error: null, attempts: { increment: 1 } },
  })
}

/** Keeps what a gateway reported of a message; answers whether it was news. */
export async function recordReport(id: string, report: Report, at: Instant): Promise<boolean> {
  const message = await db.notice.findFirst({
    where: { id },
    select: { channel: true, way: true, delivery: true },
  })
  if (!message || !isNews(message, report)) return false
  // Of two reports at once the row takes one after the other.
  const { delivery } = report
  const same =
    delivery === 'delivered'
      ? [{ delivery: null }, { delivery: 'undelivered' as const }]
      : [{ delivery: null }]
  const { count } = await db.notice.updateMany({
    where: { id, OR: same },
    data: { delivery, reportedAt: at },
  })
  return count === 1
}

/** Counts a failed try; `fault` is a code without anything personal. */
export async function markTried(id: string, fault: string, last: boolean): Promise<void> {
  await db.notice.updateMany({
    where: { id },
    data: { error: fault, attempts: { increment: 1 }, ...(last && { state: 'failed' as const }) },
  })
}

/** Tells whether Zalo has taken a code of this case or draft since then. */
export async function sentCodeByZalo(caseId: string, since: Instant): Promise<boolean> {
  const where = { caseId, way: 'zalo', template: { startsWith: 'code_' }, createdAt: { gt: since } } as const
  return (await db.notice.count({ where })) > 0
}

/** Queues again what was given up, but for what nobody takes: codes, and numbers or mailboxes that were refused. */
export const givenUp = (): Promise<{ id: string }[]> =>
  db.notice.findMany({
    where: { state: 'failed', attempts: { gt: 1 }, NOT: { template: { startsWith: 'code_' } } },
    select: { id: true },
    orderBy: { createdAt: 'asc' },
  })

export async function queueAgain(tx: Tx, id: string): Promise<boolean> {
  const { count } = await tx.notice.updateMany({
    where: { id, state: 'failed' },
    data: { state: 'queued', attempts: 0 },
  })
  return count === 1
}

/** Returns how many messages written before `before` still wait for another try, by channel. */
export async function countWaiting(before: Instant): Promise<ReadonlyMap<'email' | 'phone', number>> {
  const rows = await db.notice.groupBy({
    by: ['channel'],
    where: { state: 'queued', createdAt: { lt: before } },
    _count: true,
  })
  return new Map(rows.map(({ channel, _count }) => [channel, _count]))
}

/** Returns what is known of the newest code of a case or draft; null where none was sent. */
export const newestCode = (caseId: string) =>
  db.notice.findFirst({
    where: { caseId, template: { startsWith: 'code_' } },
    orderBy: { createdAt: 'desc' },
    select: { state: true, delivery: true, attempts: true },
  })

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
