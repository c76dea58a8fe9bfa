import { addMilliseconds, DAY, type Instant, localDate } from '#lib/time.ts'

/** For how many days a kiosk's link may be made. */
export const KIOSK_DAYS = [30, 180, 365] as const
export const kioskLifetime = (days: (typeof KIOSK_DAYS)[number]): number => days * DAY

/** A kiosk as it stands now. */
export interface KioskDates {
  readonly expiresAt: Instant
  readonly revokedAt: Instant | null
}

export type LinkState = 'live' | 'expired' | 'revoked'
/** `ended`: the link is good, and its agency is no more: there is nothing of today to rate. */
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

/** Reads a queue as it was written on the device; anything else is an empty one. */
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
 * Returns what to do with an answer after the server has replied: `done` forgets it, `drop` too as it will never be
 * taken, `later` keeps it. Only what the server has looked at and refused for what it is, is dropped.
 */
export const afterReply = (status: number): 'done' | 'drop' | 'later' =>
  status === 200 ? 'done' : status === 422 ? 'drop' : 'later'
