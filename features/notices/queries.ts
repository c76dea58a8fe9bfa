import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { citizenScope, systemScope } from '#lib/access/scope.ts'
import { addMilliseconds, type Instant, MINUTE } from '#lib/time.ts'
import type { CaseKey } from '#platform/crypto.ts'
import { env } from '#platform/env.ts'
import { type MessageCount, messageCounts } from '#platform/message-counts/queries.ts'
import { inScope } from '#platform/scope.ts'
import { zaloTokenFault } from '#platform/zalo-token/queries.ts'
import { countWaiting, failedMessages, newestCode, noticesSealedBy } from './repository.ts'
import type { FailedMessages, MessageChannel } from './rules/failed.ts'
import { zaloTemplates } from './templates.ts'

export interface SentNotice {
  readonly template: string
  readonly to: string
  readonly state: 'queued' | 'sent' | 'failed'
  readonly at: Date
  readonly sentAt: Date | null
}

/** Returns every message of a case, in order; opened by its key, so those who have the key may read them. */
export const noticesOf = (key: CaseKey): Promise<SentNotice[]> => noticesSealedBy(key)

/**
 * Tells whether the newest code of a case or draft is known not to have arrived: it was refused or given up, has failed
 * once or more and waits for another try, or the network could not deliver it.
 */
export async function isCodeLost(caseId: string): Promise<boolean> {
  const code = await inScope(citizenScope(caseId, 'full'), () => newestCode(caseId))
  if (code === null || code.delivery === 'delivered') return false
  return (
    code.state === 'failed' ||
    code.delivery === 'undelivered' ||
    (code.state === 'queued' && code.attempts > 0)
  )
}

/** Returns the ways by which no message leaves here, in words for the person who runs the product. */
export function missingWays(): string[] {
  const { SMTP_URL, SMS_HTTP_URL, OUTBOX } = env()
  if (OUTBOX === 'on') return []
  return [
    ...(SMTP_URL
      ? []
      : ['mail: no server is set (SMTP_URL); it is written to DATA_DIR/outbox and reaches nobody']),
    ...(SMS_HTTP_URL ? [] : ['SMS: no gateway is set (SMS_HTTP_URL); no phone number is asked for']),
  ]
}

/** Longer than a gateway's hiccup, shorter than what a person puts up with. */
const LATE = 15 * MINUTE
const DAYS = 7

/**
 * Returns what keeps messages from arriving, in words for the person who runs the product. That there is no SMS gateway is
 * told where it matters: where a person gave a phone number while there was one.
 */
export async function messageTroubles(now: Instant): Promise<string[]> {
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
    ...missingWays().filter((way) => way.startsWith('mail')),
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

/** Says what became of messages by one way, over some days. */
export type WayTotal = Pick<MessageCount, 'way' | 'outcome' | 'code' | 'count'>

/** Says what became of messages, without anybody's contact and without their words. */
export interface MessageStanding {
  readonly failed: readonly FailedMessages[]
  /** Counts those that have waited for more than 15 minutes. */
  readonly late: Readonly<Record<MessageChannel, number>>
  /** Of the last {@link COUNTED_DAYS} days; messages to staff are among them. */
  readonly totals: readonly WayTotal[]
}

/** Counts the days of which the totals of the staff's page, and `npm run messages`, tell. */
export const COUNTED_DAYS = 14

/** Tells people of the staff how messages stand; null for those who may not know. */
export async function messageStanding(reader: StaffActor, now: Instant): Promise<MessageStanding | null> {
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

/** Lists the Zalo templates that may be registered here, by name, with the words to register. */
export function zaloTexts(): ReadonlyMap<string, string> {
  const { PUBLIC_URL, PORT, MESSAGE_CODES } = env()
  return zaloTemplates({ url: PUBLIC_URL ?? `http://127.0.0.1:${PORT}` }, MESSAGE_CODES === 'on')
}

export { messageCounts } from '#platform/message-counts/queries.ts'
