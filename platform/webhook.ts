import '#server-only'
import { createHmac } from 'node:crypto'
import type { Instant } from '#lib/time.ts'

/**
 * Returns the headers of Standard Webhooks: what a message is called, when this try of it was made, and both with its
 * body signed under each secret, so that a receiver that has any one of them can tell whom it comes from.
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
