import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { citizenScope, systemScope } from '#lib/access/scope.ts'
import { addMilliseconds, type Instant, MINUTE } from '#lib/time.ts'
import { type CaseKey, unseal, unwrap } from '#platform/crypto.ts'
import { db, sql, type Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { type MessageCount, messageCounts } from '#platform/message-counts/repository.ts'
import { inScope } from '#platform/scope.ts'
import { storedToken } from '#platform/zalo-token/repository.ts'
import {
  type FailedGroup,
  type FailedMessages,
  type GatewayReport,
  isNews,
  MESSAGE_PARTS,
  type MessageWay,
} from './rules.ts'
import { type NoticeParams, type NoticeTemplate, zaloTemplates } from './templates.ts'

interface NoticeWords {
  readonly to: string
  readonly params: NoticeParams
}

export interface WaitingNotice extends NoticeWords {
  readonly caseId: string
  readonly channel: 'email' | 'phone'
  readonly template: NoticeTemplate
  readonly locale: string
  readonly createdAt: Instant
  /** Failed tries. */
  readonly attempts: number
}

export async function findWaitingNotice(id: string): Promise<WaitingNotice | null> {
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

export async function markNoticeSent(id: string, way: MessageWay, at: Instant): Promise<void> {
  const data = { state: 'sent', way, sentAt: at, error: null, attempts: { increment: 1 } } as const
  await db.notice.updateMany({ where: { id }, data })
}

export async function hasSentCodeByZalo(caseId: string, since: Instant): Promise<boolean> {
  const where = { caseId, way: 'zalo', template: { startsWith: 'code_' }, createdAt: { gt: since } } as const
  return (await db.notice.count({ where })) > 0
}

export async function recordReport(id: string, report: GatewayReport, reportedAt: Instant): Promise<boolean> {
  const select = { channel: true, way: true, delivery: true } as const
  const message = await db.notice.findFirst({ where: { id }, select })
  if (!message || !isNews(message, report)) return false
  // The row's lock puts simultaneous reports in sequence.
  const { delivery } = report
  const before = delivery === 'delivered' ? [null, 'undelivered' as const] : [null]
  const where = { id, OR: before.map((one) => ({ delivery: one })) }
  return (await db.notice.updateMany({ where, data: { delivery, reportedAt } })).count === 1
}

/** Counts a failed try; `fault` is a code without personal data. */
export async function markTried(id: string, fault: string, last: boolean): Promise<void> {
  await db.notice.updateMany({
    where: { id },
    data: { error: fault, attempts: { increment: 1 }, ...(last && { state: 'failed' as const }) },
  })
}

/** The message's subject, from the prefix of its template. */
const KIND = sql`
  coalesce(substring(template FROM ${`^(${MESSAGE_PARTS.join('|')})_`}), 'case')`
/** Matches messages that may be sent again: not codes, and none refused at the first try, except for lack of a gateway. */
const AGAIN = sql`(template NOT LIKE 'code\\_%' AND (attempts > 1 OR error = 'no_gateway'))`

const failedMessages = (): Promise<FailedMessages[]> =>
  db.$queryRaw<FailedMessages[]>`
    SELECT ${KIND} AS kind, channel::text, coalesce(error, 'failed') AS reason, count(*)::int AS count,
      (count(*) FILTER (WHERE ${AGAIN}))::int AS again, min(created_at) AS since
    FROM notices WHERE state = 'failed' GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3`

/** Queues up to `most` failed messages again, oldest first, and returns their ids. Simultaneous calls take different ones. */
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

async function countWaiting(before: Instant): Promise<ReadonlyMap<'email' | 'phone', number>> {
  const rows = await db.notice.groupBy({
    by: ['channel'],
    where: { state: 'queued', createdAt: { lt: before } },
    _count: true,
  })
  return new Map(rows.map(({ channel, _count }) => [channel, _count]))
}

/** Returns the messages of a case, oldest first, without their content. */
export async function noticesOf(key: CaseKey) {
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

/**
 * Checks whether the newest code of a case or draft is known not to have arrived: it was refused, given up or undelivered, or
 * waits for another try after a failure.
 */
export async function isCodeLost(caseId: string): Promise<boolean> {
  const code = await inScope(citizenScope(caseId, 'full'), () =>
    db.notice.findFirst({
      where: { caseId, template: { startsWith: 'code_' } },
      orderBy: { createdAt: 'desc' },
      select: { state: true, delivery: true, attempts: true },
    }),
  )
  if (code === null || code.delivery === 'delivered') return false
  return (
    code.state === 'failed' ||
    code.delivery === 'undelivered' ||
    (code.state === 'queued' && code.attempts > 0)
  )
}

/** Returns the ways by which no message can leave, as texts for an operator. */
export function listMissingWays(): string[] {
  const { SMTP_URL, SMS_HTTP_URL, OUTBOX } = env()
  if (OUTBOX === 'on') return []
  return [
    ...(SMTP_URL
      ? []
      : ['mail: no server is set (SMTP_URL); it is written to DATA_DIR/outbox and reaches nobody']),
    ...(SMS_HTTP_URL ? [] : ['SMS: no gateway is set (SMS_HTTP_URL); no phone number is asked for']),
  ]
}

/** Longer than a gateway's short failure, shorter than a person's patience. */
const LATE = 15 * MINUTE
const DAYS = 7

/**
 * Returns what stops messages, as texts for an operator. A missing SMS gateway is reported only if messages to phone numbers
 * need it.
 */
export async function listMessageTroubles(now: Instant): Promise<string[]> {
  const [waiting, counts] = await inScope(systemScope(), () =>
    Promise.all([countWaiting(addMilliseconds(now, -LATE)), messageCounts(DAYS, now)]),
  )
  const token = env().ZALO_APP_ID === undefined ? null : await zaloTokenFault()
  const unreached = counts
    .filter(({ code }) => code === 'no_gateway')
    .reduce((sum, { count }) => sum + count, 0)
  const late = [
    ['mail', waiting.get('email') ?? 0],
    ['SMS', waiting.get('phone') ?? 0],
  ] as const
  return [
    ...listMissingWays().filter((way) => way.startsWith('mail')),
    ...(unreached > 0
      ? [
          `SMS: no gateway is set (SMS_HTTP_URL), and ${unreached} messages to phone numbers in ${DAYS} days reached nobody`,
        ]
      : []),
    ...(token !== null ? [`Zalo: it refuses the refresh token (${token}); SMS go instead`] : []),
    ...late.flatMap(([way, count]) =>
      count > 0 ? [`${way}: ${count} messages have waited for more than 15 minutes`] : [],
    ),
  ]
}

export type WayTotal = Pick<MessageCount, 'way' | 'outcome' | 'code' | 'count'>

/** The days in the totals on the staff's page and in `npm run messages`. */
export const COUNTED_DAYS = 14

/** Returns failed and late messages and the totals; null without the permission. */
export async function readMessageStanding(reader: StaffActor, now: Instant) {
  if (!may(reader.role, 'message:read')) return null
  const [failed, waiting] = await inScope(systemScope(), () =>
    Promise.all([failedMessages(), countWaiting(addMilliseconds(now, -LATE))]),
  )
  const totals = new Map<string, WayTotal>()
  for (const { way, outcome, code, count } of await messageCounts(COUNTED_DAYS, now)) {
    const key = [way, outcome, code].join(' ')
    totals.set(key, { way, outcome, code, count: count + (totals.get(key)?.count ?? 0) })
  }
  return {
    failed,
    late: { email: waiting.get('email') ?? 0, phone: waiting.get('phone') ?? 0 },
    totals: [...totals].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, total]) => total),
  }
}

export function listZaloTexts(): ReadonlyMap<string, string> {
  const { PUBLIC_URL, PORT, MESSAGE_CODES } = env()
  return zaloTemplates({ url: PUBLIC_URL ?? `http://127.0.0.1:${PORT}` }, MESSAGE_CODES === 'on')
}

export { messageCounts } from '#platform/message-counts/repository.ts'

/** Returns the code with which Zalo refused the refresh token; null while it works or is unused. */
const zaloTokenFault = async (): Promise<string | null> => (await storedToken())?.fault ?? null
