/** Names what a message is about, as far as anybody may know who has no case open. */
export const MESSAGE_KINDS = ['case', 'objection', 'draft', 'code', 'watch'] as const
export type MessageKind = (typeof MESSAGE_KINDS)[number]

/** Lists the channels of contacts; a phone is reached by Zalo or SMS. */
export const MESSAGE_CHANNELS = ['email', 'phone'] as const
export type MessageChannel = (typeof MESSAGE_CHANNELS)[number]

/** Describes messages that failed alike: of one kind, to one channel, for one reason. */
export interface FailedGroup {
  readonly kind: MessageKind
  readonly channel: MessageChannel
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

/** Writes a group as one value of a form. */
export const groupValue = ({ kind, channel, reason }: FailedGroup): string => `${kind} ${channel} ${reason}`

/** Reads what {@link groupValue} wrote; null for anything else. */
export function readGroup(value: string): FailedGroup | null {
  const [, kind, channel, reason = ''] = /^(\w+) (\w+) ([\w.-]{1,40})$/.exec(value) ?? []
  const known = MESSAGE_KINDS.find((one) => one === kind)
  const to = MESSAGE_CHANNELS.find((one) => one === channel)
  return known && to ? { kind: known, channel: to, reason } : null
}
