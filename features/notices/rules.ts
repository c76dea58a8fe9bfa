export type MessageWay = 'mail' | 'sms' | 'zalo' | 'push'

type Delivery = 'delivered' | 'undelivered'

export interface GatewayReport {
  readonly way: 'sms' | 'zalo'
  readonly delivery: Delivery
}

/**
 * Checks whether a report is news. A report counts only for the way that the message went. "Delivered" is final: networks do
 * report an SMS as failed and then as delivered, and gateways send reports twice and in any order. Before the message is marked
 * as sent, only "delivered" is believed, because the gateway has that on record.
 */
export function isNews(
  message: {
    readonly channel: 'email' | 'phone'
    readonly way: MessageWay | null
    readonly delivery: Delivery | null
  },
  { way, delivery }: GatewayReport,
): boolean {
  if (message.channel !== 'phone' || message.delivery === 'delivered') return false
  if (message.way !== null && message.way !== way) return false
  return delivery === 'delivered' || (message.way === way && message.delivery === null)
}

/** Prefixes of templates with their own group of texts; a case's own moves, `objection_over` among them, have none. */
export const MESSAGE_PARTS = [
  'code',
  'objection',
  'draft',
  'phones',
  'helping',
  'watch',
  'invitation',
] as const
/** The subject of a message, as far as anybody without the case may know. */
const MESSAGE_KINDS = ['case', ...MESSAGE_PARTS] as const
/** A phone gets Zalo or SMS. */
const MESSAGE_CHANNELS = ['email', 'phone'] as const
export interface FailedGroup {
  readonly kind: (typeof MESSAGE_KINDS)[number]
  readonly channel: (typeof MESSAGE_CHANNELS)[number]
  /** The gateway's code, or one of ours: `no_gateway`, `stale`, `failed`. */
  readonly reason: string
}

export interface FailedMessages extends FailedGroup {
  readonly count: number
  /** Those that may be sent again: no codes, and none that was refused for good. */
  readonly again: number
  readonly since: Date
}

/** Messages per request, in one transaction; oldest first. */
export const MOST_AGAIN = 200

export const groupValue = ({ kind, channel, reason }: FailedGroup): string => `${kind} ${channel} ${reason}`

export function readGroup(value: string): FailedGroup | null {
  const [, kind, channel, reason = ''] = /^(\w+) (\w+) ([\w.-]{1,40})$/.exec(value) ?? []
  const known = MESSAGE_KINDS.find((one) => one === kind)
  const to = MESSAGE_CHANNELS.find((one) => one === channel)
  return known && to ? { kind: known, channel: to, reason } : null
}
