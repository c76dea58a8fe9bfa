import { addMilliseconds, DAY, type Instant, localDate } from '#lib/time.ts'

/** The days for which a kiosk's link can be made valid. */
export const KIOSK_DAYS = [30, 180, 365] as const
export const kioskLifetime = (days: (typeof KIOSK_DAYS)[number]): number => days * DAY

/** The dates that decide a kiosk's state. */
export interface KioskDates {
  readonly expiresAt: Instant
  readonly revokedAt: Instant | null
}

export type LinkState = 'live' | 'expired' | 'revoked'
/** `ended`: the link is valid, but its agency has ended, so that today there is nothing to rate. */
export type KioskState = LinkState | 'ended'

export const linkState = ({ expiresAt, revokedAt }: KioskDates, now: Instant): LinkState =>
  revokedAt !== null ? 'revoked' : expiresAt <= now ? 'expired' : 'live'

/** A kiosk that was not seen for so many days is silent: a weekend is no fault. */
export const SILENT_DAYS = 3

/** Returns the local date since which a kiosk must have been seen. */
export const silentBefore = (now: Instant): string => localDate(addMilliseconds(now, -SILENT_DAYS * DAY))

/** Tells whether a kiosk was not seen for too long; one that never was counts from the day it was made. */
export const isSilent = (
  { seenOn, createdAt }: { readonly seenOn: Date | null; readonly createdAt: Instant },
  now: Instant,
): boolean => (seenOn?.toISOString().slice(0, 10) ?? localDate(createdAt)) < silentBefore(now)

/** The reasons why a kiosk's link opens nothing. `forged`: the link is not one of ours, or has been cut. */
export type KioskRefusal = 'forged' | 'expired' | 'revoked'

/** An answer that waits on the device until it has been sent. */
export interface QueuedAnswer {
  readonly submitKey: string
  /** The form's fields, in their order. */
  readonly fields: readonly (readonly [string, string])[]
}

/**
 * The longest time that a device may be without a network, or its page open, so that the answers it gave thanks for are
 * still taken.
 */
export const KIOSK_OFFLINE = 31 * DAY

/** The most answers that are kept on a device: some days of a busy counter. */
export const QUEUE_MAX = 500

/** Reads a queue from the device's storage; any other text is an empty queue. */
export function readQueue(text: string | null): readonly QueuedAnswer[] {
  try {
    const parsed: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(parsed) ? parsed.filter(isQueued) : []
  } catch {
    return []
  }
}

function isQueued(value: unknown): value is QueuedAnswer {
  if (typeof value !== 'object' || value === null) return false
  const { submitKey, fields } = value as Record<string, unknown>
  const pair = (one: unknown) =>
    Array.isArray(one) && one.length === 2 && one.every((part) => typeof part === 'string')
  return typeof submitKey === 'string' && Array.isArray(fields) && fields.every(pair)
}

/** Returns the queue with one more at its end; the oldest give way once it is full. */
export const enqueued = (queue: readonly QueuedAnswer[], answer: QueuedAnswer): readonly QueuedAnswer[] =>
  [...queue.filter(({ submitKey }) => submitKey !== answer.submitKey), answer].slice(-QUEUE_MAX)

/**
 * Returns what to do with an answer after the server's reply: `done` removes it; `drop` removes it too, as it will
 * never be taken; `later` keeps it. An answer is dropped only where the server has judged the answer itself and refused
 * it for good (422): after any other refusal, such as a limit or a revoked link, it is kept.
 */
export const afterReply = (status: number): 'done' | 'drop' | 'later' =>
  status === 200 ? 'done' : status === 422 ? 'drop' : 'later'
