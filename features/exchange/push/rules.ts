import { addMilliseconds, HOUR, type Instant } from '#lib/time.ts'

/** Limits of pushing, published in /api/openapi.json. */
export const PUSH = {
  /** Lines in one message: with their proofs it stays well below the megabyte that receivers often allow. */
  lines: 200,
  /** The longest time that a message waits for its blocks to be sealed. */
  proofSeconds: 5,
  /** The time for one try, from resolving the name to the end of the answer. */
  timeoutMs: 15_000,
  /** How long a sending process excludes others; longer than a try takes. */
  leaseMs: 30_000,
  /** Margin after the end of a lease, for the difference between the clocks of two machines. */
  afterLeaseMs: 1_000,
  /** Hours of tries before a person has to look. */
  patienceHours: 72,
} as const

/** `gone`: the address answered 410. `given_up`: every try failed for `patienceHours` of {@link PUSH}. */
export type WebhookState = 'live' | StoppedState
export type StoppedState = 'gone' | 'given_up'

/** Why a try failed: `url` was refused before sending, `gone` is 410, `status` is any other status outside 2xx. */
export type PushFault =
  | 'url'
  | 'address'
  | 'dns'
  | 'tls'
  | 'connection'
  | 'timeout'
  | 'redirect'
  | 'gone'
  | 'status'

/**
 * Returns the fault that an answer's status means, or null. A redirect is not followed, because it would bypass every check of
 * the address.
 */
export function pushFault(status: number): PushFault | null {
  if (status >= 200 && status < 300) return null
  if (status === 410) return 'gone'
  return status >= 300 && status < 400 ? 'redirect' : 'status'
}

/**
 * Returns until when an answer asks us to wait: `Retry-After` of 429 and 503, in seconds or as an HTTP date. Null if it is
 * missing or unreadable.
 */
export function askedToWait(status: number, retryAfter: string | undefined, now: Instant): Instant | null {
  if (status !== 429 && status !== 503) return null
  const text = retryAfter?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return addMilliseconds(now, Number(text) * 1000)
  const at = text.endsWith(' GMT') ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? null : new Date(at)
}

export interface Failing {
  readonly failures: number
  readonly failingSince: Instant | null
}

const SHORTEST_PAUSE = 1_000
const FIRST_PAUSE = 5_000
const LONGEST_PAUSE = HOUR

/**
 * Returns the state of a webhook after a failed try. Pauses double and are drawn at random up to their whole length (full
 * jitter), so that messages which failed together are not retried together. A receiver that asks for a longer pause gets it, up
 * to the longest one. No pause goes beyond the final try, which is made `patienceHours` after the first failure.
 *
 * @param random from 0 to 1
 * @param asked from {@link askedToWait}
 */
export function afterFailure(
  before: Failing,
  fault: PushFault,
  now: Instant,
  random: number,
  asked: Instant | null = null,
): Failing &
  (
    | { readonly state: 'live'; readonly nextTryAt: Instant }
    | { readonly state: StoppedState; readonly nextTryAt: null }
  ) {
  const failures = before.failures + 1
  const failingSince = before.failingSince ?? now
  const stopped = (state: StoppedState) => ({ state, failures, failingSince, nextTryAt: null })
  if (fault === 'gone') return stopped('gone')
  const lastTryAt = addMilliseconds(failingSince, PUSH.patienceHours * HOUR)
  if (now >= lastTryAt) return stopped('given_up')
  const longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** before.failures)
  const own = Math.max(SHORTEST_PAUSE, Math.round(random * longest))
  const pause = Math.max(own, Math.min(LONGEST_PAUSE, (asked ?? now).getTime() - now.getTime()))
  const nextTryAt = new Date(Math.min(addMilliseconds(now, pause).getTime(), lastTryAt.getTime()))
  return { state: 'live', failures, failingSince, nextTryAt }
}
