import { addMilliseconds, HOUR, type Instant, MINUTE, UTC_OFFSET_MINUTES } from '#lib/time.ts'

const MAIL_CHOICES = ['at_once', 'morning', 'never'] as const
export type MailChoice = (typeof MAIL_CHOICES)[number]

/**
 * Lists the kinds of task that begin at a moment, so that a mail can be sent at once. All other kinds are only in the
 * morning's mail.
 */
const TOLD_AT_ONCE = ['to_confirm', 'given', 'sent_back', 'answered', 'conflict', 'shared_imei'] as const
export type ToldKind = (typeof TOLD_AT_ONCE)[number]

/** The relay is written to by the exchange itself, with each refusal and release. */
const TOLD_ELSEWHERE = ['order_refused', 'release']

/** Returns the choice of a person who has made none, for a kind of thing that waits (features/tasks/rules.ts). */
export function defaultMailChoice(kind: string): MailChoice {
  if (kind === 'to_confirm' || kind === 'given' || kind === 'shared_imei') return 'at_once'
  return TOLD_ELSEWHERE.includes(kind) ? 'never' : 'morning'
}

export const choicesFor = (kind: string): readonly MailChoice[] =>
  TOLD_AT_ONCE.some((one) => one === kind) ? MAIL_CHOICES : MAIL_CHOICES.filter((one) => one !== 'at_once')

/** The hours in the city's own time between which no mail is sent, such as 22 and 6; null: none. */
export interface QuietHours {
  readonly quietFrom: number | null
  readonly quietUntil: number | null
}

/** Returns when a mail may be sent that comes about at `now`: at once, or when the quiet hours end. */
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
