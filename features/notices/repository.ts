import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import type { Instant } from '#lib/time.ts'
import { type CaseKey, unseal, unwrap } from '#platform/crypto.ts'
import { db, sql, type Tx } from '#platform/db.ts'
import { deferInsert } from '#platform/deferred-writes.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { isNews, type MessageWay, type Report } from './rules/delivery.ts'
import type { FailedGroup, FailedMessages } from './rules/failed.ts'
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

/** Names what a message is about: what its template begins with. */
const KIND = sql`
  coalesce(substring(template FROM '^(code|draft|objection|watch)_'), 'case')`
/** Says that a message may be sent again: no code, and not refused at the first try, but for want of a gateway. */
const AGAIN = sql`(template NOT LIKE 'code\\_%' AND (attempts > 1 OR error = 'no_gateway'))`

/** Returns the messages that failed, without whom they were for and what they say; those that failed most first. */
export const failedMessages = (): Promise<FailedMessages[]> =>
  db.$queryRaw<FailedMessages[]>`
    SELECT ${KIND} AS kind, channel::text, coalesce(error, 'failed') AS reason, count(*)::int AS count,
      (count(*) FILTER (WHERE ${AGAIN}))::int AS again, min(created_at) AS since
    FROM notices WHERE state = 'failed' GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3`

/**
 * Queues failed messages again that may be sent again, the oldest first, at most `most` of them; answers their ids. Of two
 * that do so at once each takes others.
 */
export async function queueAgain(tx: Tx, group: FailedGroup | null, most: number): Promise<string[]> {
  const within =
    group === null
      ? sql`true`
      : sql`${KIND} = ${group.kind} AND channel = ${group.channel}::contact_kind
          AND coalesce(error, 'failed') = ${group.reason}`
  const rows = await tx.$queryRaw<{ id: string }[]>`
    UPDATE notices SET state = 'queued', attempts = 0 WHERE id IN (
      SELECT id FROM notices WHERE state = 'failed' AND ${AGAIN} AND ${within}
      ORDER BY created_at LIMIT ${most} FOR UPDATE SKIP LOCKED
    ) RETURNING id`
  return rows.map(({ id }) => id)
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
