import '#server-only'
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Instant } from '#lib/time.ts'

/** Within the bounds of Standard Webhooks (24 to 64). */
export const WEBHOOK_SECRET_BYTES = 32

/**
 * Returns the headers of Standard Webhooks: the message's id, the time of this attempt, and signatures over both and the body
 * under each secret, so that a receiver with any one secret can verify the sender.
 */
export function webhookHeaders(
  secrets: readonly Uint8Array[],
  id: string,
  at: Instant,
  body: string,
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const signed = secrets.map(
    (secret) => `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
  )
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signed.join(' ') }
}

/** Seconds that a message's time may differ from ours: an older message may be a replay. */
const TOLERANCE_SECONDS = 300

/** Tells whether a message's headers sign its body, as {@link webhookHeaders} does, with this secret and a current time. */
export function isSignedWebhook(secret: Uint8Array, headers: Headers, body: string, now: Instant): boolean {
  const [id, time, signatures] = ['id', 'timestamp', 'signature'].map((name) =>
    headers.get(`webhook-${name}`),
  )
  if (!id || !time || !signatures || !/^\d{1,12}$/.test(time)) return false
  if (Math.abs(now.getTime() / 1000 - Number(time)) > TOLERANCE_SECONDS) return false
  const right = createHmac('sha256', secret).update(`${id}.${time}.${body}`).digest()
  return signatures.split(' ').some((one) => {
    const [version, text = ''] = one.split(',')
    const told = Buffer.from(text, 'base64')
    return version === 'v1' && told.length === right.length && timingSafeEqual(told, right)
  })
}
