import { addMilliseconds, DAY, HOUR, type Instant, localDate } from '#lib/time.ts'

/** The days for which a kiosk's link can be made valid. */
export const KIOSK_DAYS = [30, 180, 365] as const
type LinkState = 'live' | 'expired' | 'revoked'
/** `ended`: the link is valid, but its agency has ended, so there is nothing to rate today. */
export type KioskState = LinkState | 'ended'

export const linkState = (
  { expiresAt, revokedAt }: { readonly expiresAt: Instant; readonly revokedAt: Instant | null },
  now: Instant,
): LinkState => (revokedAt !== null ? 'revoked' : expiresAt <= now ? 'expired' : 'live')

/** A kiosk is silent if it was not seen for this many days. A weekend is no fault. */
export const SILENT_DAYS = 3

export const silentBefore = (now: Instant): string => localDate(addMilliseconds(now, -SILENT_DAYS * DAY))

/** Checks whether a kiosk was not seen for too long. One that was never seen counts from the day it was made. */
export const isSilent = (
  { seenOn, createdAt }: { readonly seenOn: Date | null; readonly createdAt: Instant },
  now: Instant,
): boolean => (seenOn?.toISOString().slice(0, 10) ?? localDate(createdAt)) < silentBefore(now)

/** Why a kiosk's link opens nothing. `forged`: the link is not ours, or was cut. */
export type KioskRefusal = 'forged' | 'expired' | 'revoked'

/** `unpaired`: the kiosk has no device. `unsigned`: not by its device's key. `clock`: of the future, or over a day old. */
export type DeviceRefusal = 'unpaired' | 'unsigned' | 'clock'

/** The fewest seconds between two answers of one kiosk, by the times at which they were given. */
export const KIOSK_PACE = 20

/** The most answers of a kiosk in an hour, unless the survey manager sets another number. */
export const KIOSK_CEILING = 60
/** The most that {@link KIOSK_PACE} lets through. */
export const KIOSK_CEILING_MAX = HOUR / 1000 / KIOSK_PACE

/** How many answers of one kiosk count toward the thirty in an hour, so that one person alone at a kiosk is not thirty. */
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

/** Returns the Monday of the last closed week: a week takes answers until a day after its end. */
export const closedWeek = (now: Instant) => weekOf(addMilliseconds(now, -KIOSK_LATE - KIOSK_AHEAD - 7 * DAY))

/** Returns the text that a device signs for an answer: the kiosk and every field of the form, sorted. */
export function kioskMessage(kioskId: string, fields: Iterable<readonly [string, string]>): string {
  const signed = [...fields].filter(([name]) => name !== 'kiosk' && name !== 'signature')
  const inOrder = signed.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return JSON.stringify([kioskId, ...inOrder])
}

export const kioskIdOf = (token: string): string => token.split('.')[0] ?? ''

export const PAIRING_MINUTES = 15

export interface ScreenQuestion {
  readonly key: string
  readonly asked: 'radios' | 'checkboxes' | 'text_area'
  readonly faces: boolean
  /** In their order on the screen. */
  readonly codes: readonly string[]
  readonly words: Readonly<
    Record<
      'vi' | 'en',
      {
        readonly question: string
        readonly options: Readonly<Record<string, string>>
        /** Shown beside a required question without an answer. */
        readonly fault: string
      }
    >
  >
}

/** The words on the screen that are the same for every kiosk, by their keys in `survey-kiosk.json`. */
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

export interface QueuedAnswer {
  readonly submitKey: string
  readonly fields: readonly (readonly [string, string])[]
  /** The second at which it was given, by the device's clock; absent in answers of the previous release. */
  readonly given?: number
}

/** How long a kiosk's page may have been open: its questions are taken, and its forms' keys stored, until then. */
export const KIOSK_OFFLINE = 31 * DAY

/** The most answers kept on a device: some days of a busy counter. */
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

/** Returns the queue with one more answer at its end. A full queue loses its oldest answers. */
export const enqueued = (queue: readonly QueuedAnswer[], answer: QueuedAnswer): readonly QueuedAnswer[] =>
  [...queue.filter(({ submitKey }) => submitKey !== answer.submitKey), answer].slice(-QUEUE_MAX)

/** Returns what to do with an answer. Only the server's final refusal of the answer itself (422) drops it. */
export const afterReply = (status: number): 'done' | 'drop' | 'later' =>
  status === 200 ? 'done' : status === 422 ? 'drop' : 'later'
