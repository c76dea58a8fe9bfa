import '#server-only'
import type { Instant } from '#lib/time.ts'
import { countMessage } from './metrics.ts'
import { putInOutbox } from './outbox.ts'

export interface Sms {
  /** Of the notice: sending it again replaces it. */
  readonly id: string
  /** E.164. */
  readonly to: string
  readonly text: string
  readonly at: Instant
}

/** The port to an SMS gateway. Resolves once the gateway has taken the message; throws when it has not. */
export interface SmsSender {
  send(sms: Sms): Promise<void>
}

/** Without a gateway: a file a message, `{to, text, at}`. */
const outboxSender: SmsSender = {
  send: ({ id, to, text, at }) =>
    putInOutbox(id, at, 'json', `${JSON.stringify({ to, text, at: at.toISOString() })}\n`),
}

export const smsSender = (): SmsSender => ({
  send: (sms) => countMessage('sms', () => outboxSender.send(sms)),
})
