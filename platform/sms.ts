import '#server-only'
import { smsLength, withoutMarks } from '#lib/sms-text.ts'
import type { Instant } from '#lib/time.ts'
import { env } from './env.ts'
import { askGateway, type GatewayAnswer } from './gateway.ts'
import { sendCounted } from './message-counts/commands.ts'
import { MessageDeferred, MessageRefused } from './message-fault.ts'
import { putInOutbox } from './outbox.ts'

/**
 * The port to an SMS gateway. Resolves once the gateway has accepted the message; throws `MessageRefused` if it never will, and
 * any other error if it may later.
 */
interface SmsSender {
  send(sms: {
    /** The notice's id: a gateway accepts it only once, even if it is sent several times. */
    readonly id: string
    /** E.164. */
    readonly to: string
    readonly text: string
    readonly at: Instant
  }): Promise<void>
}

/** Without a gateway, writes each message to a file, `{to, text, at}`. */
const outboxSender: SmsSender = {
  async send({ id, to, text, at }) {
    const content = `${JSON.stringify({ to, text, at: at.toISOString() })}\n`
    await sendCounted('sms', async () => {
      await putInOutbox(id, at, 'json', content)
      return smsLength(text).segments
    })
  },
}

const noSender: SmsSender = {
  send: () =>
    sendCounted('sms', async () => {
      throw new MessageRefused('no_gateway')
    }),
}

/** Tells whether SMS can be sent: there is a gateway, or this is the embedded default. */
export const reachesPhones = (): boolean => env().SMS_HTTP_URL !== undefined || env().OUTBOX === 'on'

export function smsSender(): SmsSender {
  const { SMS_HTTP_URL, OUTBOX } = env()
  if (SMS_HTTP_URL !== undefined) return gatewaySender(SMS_HTTP_URL)
  return OUTBOX === 'on' ? outboxSender : noSender
}

/** The path below PUBLIC_URL for the gateway's delivery reports. */
export const REPORTS_PATH = '/api/messages/reports'

const gatewaySender = (url: string): SmsSender => ({
  send: (sms) =>
    sendCounted('sms', async () => {
      const { SMS_HTTP_TOKEN = '', SMS_DIACRITICS, SMS_REPORT_SECRET, PUBLIC_URL } = env()
      const text = SMS_DIACRITICS === 'on' ? sms.text.normalize('NFC') : withoutMarks(sms.text)
      const { encoding, segments } = smsLength(text)
      const reports = SMS_REPORT_SECRET && PUBLIC_URL && new URL(REPORTS_PATH, PUBLIC_URL).href
      const answer = await askGateway({
        url,
        headers: {
          authorization: `Bearer ${SMS_HTTP_TOKEN}`,
          'content-type': 'application/json',
          'idempotency-key': sms.id,
          'user-agent': 'an-tam',
        },
        body: JSON.stringify({
          id: sms.id,
          to: sms.to,
          text,
          encoding,
          segments,
          at: sms.at.toISOString(),
          ...(reports && { reports }),
        }),
      })
      judge(answer)
      return segments
    }),
})

/** Statuses of a permanent refusal: not a wrong token, too many requests or a server's fault. */
const FOR_GOOD = new Set([400, 410, 413, 422, 451])

/**
 * Throws if the gateway did not accept a message: `MessageRefused` for good, `MessageDeferred` if a later attempt may succeed.
 */
function judge({ status, body }: GatewayAnswer): void {
  // 409: the gateway already has a message with this id.
  if ((status >= 200 && status < 300) || status === 409) return
  const code = codeIn(body) ?? String(status)
  throw FOR_GOOD.has(status) ? new MessageRefused(code) : new MessageDeferred(code)
}

/** Returns the gateway's error code, as in `{"code":"invalid_number"}`. */
function codeIn(body: string): string | null {
  try {
    const { code } = JSON.parse(body)
    return typeof code === 'string' && /^\w{1,30}$/.test(code) ? code : null
  } catch {
    return null
  }
}
