export type MessageWay = 'mail' | 'sms' | 'zalo' | 'push'

type Delivery = 'delivered' | 'undelivered'

export interface GatewayReport {
  readonly way: 'sms' | 'zalo'
  readonly delivery: Delivery
}

/**
 * Tells whether a report changes what is known of a message. A report counts only for the way that the message went.
 * "Delivered" is final: networks do report an SMS as failed and then as delivered, and gateways send reports twice and
 * in any order. Where we have not noted yet that the gateway took the message, only a delivery is believed, because the
 * gateway has that on record.
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

/** Names what a message is about, as far as anybody may know who has no case open. */
const MESSAGE_KINDS = ['case', 'objection', 'draft', 'code', 'watch', 'invitation'] as const
/** Lists the channels of contacts; a phone is reached by Zalo or SMS. */
const MESSAGE_CHANNELS = ['email', 'phone'] as const
/** Describes messages that failed alike: of one kind, to one channel, for one reason. */
export interface FailedGroup {
  readonly kind: (typeof MESSAGE_KINDS)[number]
  readonly channel: (typeof MESSAGE_CHANNELS)[number]
  /** The gateway's code, or one of ours: `no_gateway`, `stale`, `failed`. */
  readonly reason: string
}

export interface FailedMessages extends FailedGroup {
  readonly count: number
  /** The number of these that may be sent again: no codes, and none that was refused for good. */
  readonly again: number
  readonly since: Date
}

/** Limits how many are sent again at one press, in one transaction; the oldest go first. */
export const MOST_AGAIN = 200

export const groupValue = ({ kind, channel, reason }: FailedGroup): string => `${kind} ${channel} ${reason}`

/** Reads what {@link groupValue} wrote; null for anything else. */
export function readGroup(value: string): FailedGroup | null {
  const [, kind, channel, reason = ''] = /^(\w+) (\w+) ([\w.-]{1,40})$/.exec(value) ?? []
  const known = MESSAGE_KINDS.find((one) => one === kind)
  const to = MESSAGE_CHANNELS.find((one) => one === channel)
  return known && to ? { kind: known, channel: to, reason } : null
}
