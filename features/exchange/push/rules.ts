import { addMilliseconds, HOUR, type Instant } from '#lib/time.ts'

/** The bounds of pushing, said to carriers in /api/openapi.json. */
export const PUSH = {
  /** Lines in one message: with their proofs it stays well below the megabyte that receivers often allow. */
  lines: 200,
  /** The longest that a message waits for its blocks to be sealed. */
  proofSeconds: 5,
  /** The time that a receiver has to answer, from its name to the end of its answer. */
  timeoutMs: 15_000,
  /** The time for which a sending process excludes others; longer than an attempt takes. */
  leaseMs: 30_000,
  /** Hours for which sending is tried before a person has to look. */
  patienceHours: 72,
} as const

/** `gone`: its address answered 410. `given_up`: every attempt failed for as long as {@link PUSH} waits. */
export type WebhookState = 'live' | StoppedState
export type StoppedState = 'gone' | 'given_up'

/**
 * The reasons why a try did not come through: `url` was refused before, `gone` is 410, `status` any other that is not
 * 2xx.
 */
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
 * Returns the fault that an answer's status means, or null: a redirect is not followed, for it would lead past every
 * check of the address.
 */
export function pushFault(status: number): PushFault | null {
  if (status >= 200 && status < 300) return null
  if (status === 410) return 'gone'
  return status >= 300 && status < 400 ? 'redirect' : 'status'
}

/**
 * Returns until when an answer asks to be left alone: `Retry-After` of 429 and 503, in seconds or as an HTTP date; null
 * where it does not say, or says nothing that can be read.
 */
export function askedToWait(status: number, retryAfter: string | undefined, now: Instant): Instant | null {
  if (status !== 429 && status !== 503) return null
  const text = retryAfter?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return addMilliseconds(now, Number(text) * 1000)
  const at = text.endsWith(' GMT') ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? null : new Date(at)
}

export interface Failing {
  /** Tries in a row that failed, and since when. */
  readonly failures: number
  readonly failingSince: Instant | null
}

const SHORTEST_PAUSE = 1_000
const FIRST_PAUSE = 5_000
const LONGEST_PAUSE = HOUR

/**
 * Returns the state of a webhook after a failed attempt. Pauses double, and are drawn at random up to their whole
 * length (full jitter), so that messages which failed together are not tried together again. A receiver that asks for a
 * longer pause gets it, up to the longest one. No pause goes beyond the final attempt, which is made `patienceHours`
 * after the first failure.
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
