import { addMilliseconds, HOUR, type Instant, MINUTE, UTC_OFFSET_MINUTES } from '#lib/time.ts'

const MAIL_CHOICES = ['at_once', 'morning', 'never'] as const
export type MailChoice = (typeof MAIL_CHOICES)[number]

/** Kinds of task that begin at one moment, so that a mail can go at once. All other kinds are only in the morning mail. */
const TOLD_AT_ONCE = ['to_confirm', 'given', 'sent_back', 'answered', 'conflict', 'shared_imei'] as const
export type ToldKind = (typeof TOLD_AT_ONCE)[number]

/** The exchange itself mails the relay about each refusal and release. */
const TOLD_ELSEWHERE = ['order_refused', 'release']

export function defaultMailChoice(kind: string): MailChoice {
  if (kind === 'to_confirm' || kind === 'given' || kind === 'shared_imei') return 'at_once'
  return TOLD_ELSEWHERE.includes(kind) ? 'never' : 'morning'
}

export const choicesFor = (kind: string): readonly MailChoice[] =>
  TOLD_AT_ONCE.some((one) => one === kind) ? MAIL_CHOICES : MAIL_CHOICES.filter((one) => one !== 'at_once')

/** The local hours between which no mail goes, such as 22 and 6; null: none. */
export interface QuietHours {
  readonly quietFrom: number | null
  readonly quietUntil: number | null
}

export function sentAt({ quietFrom, quietUntil }: QuietHours, now: Instant): Instant {
  if (quietFrom === null || quietUntil === null || quietFrom === quietUntil) return now
  const local = addMilliseconds(now, UTC_OFFSET_MINUTES * MINUTE)
  const hour = local.getUTCHours()
  const isQuiet =
    quietFrom < quietUntil ? hour >= quietFrom && hour < quietUntil : hour >= quietFrom || hour < quietUntil
  if (!isQuiet) return now
  const hours = (quietUntil - hour + 24) % 24
  const began = local.getUTCMinutes() * MINUTE + local.getUTCSeconds() * 1000 + local.getUTCMilliseconds()
  return addMilliseconds(now, hours * HOUR - began)
}
