import '#server-only'
import { urlFault } from '#features/exchange/delivery/rules.ts'
import { askedToWait, PUSH, type PushFault, pushFault } from '#features/exchange/push/rules.ts'
import type { Instant } from '#lib/time.ts'
import { env } from './env.ts'
import { post } from './outward.ts'
import { webhookHeaders } from './webhook.ts'

interface SignedPost {
  readonly url: string
  readonly secrets: readonly Uint8Array[]
  readonly messageId: string
  readonly body: string
  readonly contentType: string
}

export interface PostOutcome {
  readonly at: Instant
  readonly fault: PushFault | null
  readonly status: number | null
  readonly tookMs: number
  /** The time until which the receiver asks for no further attempts. */
  readonly asked: Instant | null
}

export async function postSigned(
  { url, secrets, messageId, body, contentType }: SignedPost,
  clock: () => Instant,
): Promise<PostOutcome> {
  const { PUSH_ALLOW } = env()
  const at = clock()
  // Checked again, because the allowed addresses may have changed since this one was stored.
  if (urlFault(url, PUSH_ALLOW)) return { at, fault: 'url', status: null, tookMs: 0, asked: null }
  const target = new URL(url)
  const began = performance.now()
  const answer = await post({
    url: target,
    headers: {
      'content-type': contentType,
      'user-agent': 'an-tam',
      ...webhookHeaders(secrets, messageId, at, body),
    },
    body,
    timeoutMs: PUSH.timeoutMs,
    trusted: PUSH_ALLOW.includes(target.origin),
  })
  const tookMs = Math.round(performance.now() - began)
  if ('fault' in answer) return { at, fault: answer.fault, status: null, tookMs, asked: null }
  const { status, retryAfter } = answer
  return { at, fault: pushFault(status), status, tookMs, asked: askedToWait(status, retryAfter, clock()) }
}
