import { addMilliseconds, DAY, HOUR, type Instant, localDate } from '#lib/time.ts'

/** The days for which a kiosk's link can be made valid. */
export const KIOSK_DAYS = [30, 180, 365] as const
type LinkState = 'live' | 'expired' | 'revoked'
/** `ended`: the link is valid, but its agency has ended, so that today there is nothing to rate. */
export type KioskState = LinkState | 'ended'

export const linkState = (
  { expiresAt, revokedAt }: { readonly expiresAt: Instant; readonly revokedAt: Instant | null },
  now: Instant,
): LinkState => (revokedAt !== null ? 'revoked' : expiresAt <= now ? 'expired' : 'live')

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

/**
 * The reasons why an answer is not taken from a kiosk whose link is good. `unpaired`: the kiosk has no device. `unsigned`: not
 * its device's key signed it. `clock`: it was given in the future, or more than a day ago.
 */
export type DeviceRefusal = 'unpaired' | 'unsigned' | 'clock'

/** The least seconds between two answers of one kiosk, by the times at which they were given. */
export const KIOSK_PACE = 20

/** The most answers that a kiosk takes in an hour, where the manager of the survey says nothing else. */
export const KIOSK_CEILING = 60
/** No ceiling is above what {@link KIOSK_PACE} lets through. */
export const KIOSK_CEILING_MAX = HOUR / 1000 / KIOSK_PACE

/** How many answers an hour of one kiosk count toward the thirty: a person who stands alone before it is not thirty. */
export const KIOSK_PEOPLE = 6

/** The milliseconds for which an answer is taken after it was given, and by which a device's clock may be ahead. */
export const KIOSK_LATE = DAY
export const KIOSK_AHEAD = 60_000

/** Returns the Monday of the week in the city, as a local date. */
export function weekOf(at: Instant): string {
  const day = new Date(localDate(at))
  return addMilliseconds(day, -((day.getUTCDay() + 6) % 7) * DAY)
    .toISOString()
    .slice(0, 10)
}

/** Returns the Monday of the last week of which no more answers are taken: a day after its end. */
export const closedWeek = (now: Instant): string =>
  weekOf(addMilliseconds(now, -KIOSK_LATE - KIOSK_AHEAD - 7 * DAY))

/**
 * Returns what a device signs for an answer: the kiosk and every field of the form, in one order. Its `submitKey` makes it
 * count once, its `at` says when it was given.
 */
export function kioskMessage(kioskId: string, fields: Iterable<readonly [string, string]>): string {
  const signed = [...fields].filter(([name]) => name !== 'kiosk' && name !== 'signature')
  const inOrder = signed.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return JSON.stringify([kioskId, ...inOrder])
}

/** Returns the kiosk's id, with which its link's value begins. */
export const kioskIdOf = (token: string): string => token.split('.')[0] ?? ''

/** The minutes for which a code for pairing is good. */
export const PAIRING_MINUTES = 15

/** A question as a kiosk's screen asks it. */
export interface ScreenQuestion {
  readonly key: string
  readonly asked: 'radios' | 'checkboxes' | 'text_area'
  readonly faces: boolean
  /** In the order in which they stand on the screen. */
  readonly codes: readonly string[]
  readonly words: Readonly<
    Record<
      'vi' | 'en',
      {
        readonly question: string
        readonly options: Readonly<Record<string, string>>
        /** Said beside the question where it has to be answered and is not. */
        readonly fault: string
      }
    >
  >
}

/** The words of a kiosk's screen that are the same for every kiosk, by their keys in `survey-kiosk.json`. */
export const SCREEN_WORDS = [
  ...([
    'question',
    'call',
    'anonymous',
    'next',
    'back',
    'again',
    'listen',
    'large',
    'language',
    'done',
  ] as const),
  ...([
    'ready',
    'readyText',
    'send',
    'sending',
    'thanks',
    'thanksText',
    'there',
    'thereText',
    'stay',
  ] as const),
  ...(['unsent', 'unsentText', 'full', 'fullText', 'offline', 'refusedLive', 'unkept'] as const),
]
export type ScreenWords = Readonly<Record<(typeof SCREEN_WORDS)[number] | 'promise', string>>

/** An answer that waits on the device until it has been sent. */
export interface QueuedAnswer {
  readonly submitKey: string
  /** The form's fields, in their order. */
  readonly fields: readonly (readonly [string, string])[]
  /** The second at which it was given, by the device's clock; answers of the release before have none. */
  readonly given?: number
}

/**
 * The longest time for which a kiosk's page may have been open: answers to its version of the questions are still taken, and
 * its forms' keys remembered.
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
  const { submitKey, fields, given } = value as Record<string, unknown>
  const pair = (one: unknown) =>
    Array.isArray(one) && one.length === 2 && one.every((part) => typeof part === 'string')
  const timed = given === undefined || Number.isSafeInteger(given)
  return typeof submitKey === 'string' && timed && Array.isArray(fields) && fields.every(pair)
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
