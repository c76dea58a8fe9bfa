/** The ways by which a message leaves. */
export type MessageWay = 'mail' | 'sms' | 'zalo'

/** Describes a gateway's report on a message that it took. */
export type Delivery = 'delivered' | 'undelivered'

/** A message as a report finds it. */
export interface Reported {
  readonly channel: 'email' | 'phone'
  /** The way that took it; null while it is on its way there. */
  readonly way: MessageWay | null
  readonly delivery: Delivery | null
}

/** The word of a gateway on a message. */
export interface Report {
  readonly way: 'sms' | 'zalo'
  readonly delivery: Delivery
}

/**
 * Tells whether a report changes what is known of a message. A report counts only for the way that the message went.
 * "Delivered" is final: networks do report an SMS as failed and then as delivered, and gateways send reports twice and
 * in any order. Where we have not noted yet that the gateway took the message, only a delivery is believed, because the
 * gateway has that on record.
 */
export function isNews(message: Reported, { way, delivery }: Report): boolean {
  if (message.channel !== 'phone' || message.delivery === 'delivered') return false
  if (message.way !== null && message.way !== way) return false
  return delivery === 'delivered' || (message.way === way && message.delivery === null)
}

/** Minutes for which a code is of use: a message with one is not sent later. */
export const CODE_MINUTES = 15

/** Tells whether a message comes too late to be of use: one with a code that has expired. */
export const isStale = (template: string, createdAt: Date, now: Date): boolean =>
  template.startsWith('code_') && now.getTime() - createdAt.getTime() >= CODE_MINUTES * 60_000
