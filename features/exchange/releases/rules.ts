import { z } from 'zod'
import { addMilliseconds, DAY, fromLocal, type Instant, localDate } from '#lib/time.ts'

/** Holds what is to become of a release: sent, sent without the cases in `withheld`, or withheld as a whole. */
export const releaseDecision = z.object({
  releaseId: z.uuid(),
  outcome: z.enum(['sending', 'withholding']),
  reason: z.string(),
  /** Ids of cases, in order. */
  withheld: z.array(z.uuid()),
})

/** Names what is open once a release: the decision on it. */
export const releaseSubject = (releaseId: string): string => `release:${releaseId}`

/** The number of blocks that may go out in an hour without two people of the relay looking first. */
export interface GuardBounds {
  readonly orders: number
  /** Per cent of the list in force. */
  readonly percent: number
}

/** The load of a carrier at present: block orders of the hour behind, and phones on its list. */
export interface CarrierLoad {
  readonly recent: number
  readonly blocklistSize: number
}

/**
 * Tells whether one more block is more than usual: over both bounds, so that neither a small list that grows nor a busy
 * day of a long one stops anybody. An unblock is never asked about.
 */
export const isOverGuard = (
  { recent, blocklistSize }: CarrierLoad,
  { orders, percent }: GuardBounds,
): boolean => recent + 1 > orders && (recent + 1) * 100 > percent * blocklistSize

export const RELEASE_MODES = ['automatic', 'by_hand', 'at_times'] as const
export type ReleaseMode = (typeof RELEASE_MODES)[number]

const RELEASE_STATES = ['waiting', 'asked', 'sending', 'withholding', 'sent', 'withheld'] as const
export type ReleaseState = (typeof RELEASE_STATES)[number]

const MAX_TIMES = 6

/** Reads times of the day, such as `8:00, 14h30`: in order, each once; null when one cannot be read. */
export function readTimes(typed: string): string[] | null {
  const written = typed.split(/[\s,;]+/).filter((part) => part !== '')
  const times = new Set<string>()
  for (const part of written) {
    const [, hour = '', minute = ''] = /^(\d{1,2})[:hH](\d{2})?$/.exec(part) ?? []
    if (hour === '' || Number(hour) > 23 || Number(minute) > 59) return null
    times.add(`${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`)
  }
  return times.size === 0 || times.size > MAX_TIMES ? null : [...times].sort()
}

/**
 * Tells whether a batch that was opened at `openedAt` is due now. It always is where the carrier's mode has become
 * `automatic`, and never where blocks go out by hand.
 */
export function isBatchDue(
  carrier: { readonly releaseMode: ReleaseMode; readonly releaseTimes: readonly string[] },
  openedAt: Instant,
  now: Instant,
): boolean {
  if (carrier.releaseMode !== 'at_times') return carrier.releaseMode === 'automatic'
  if (addMilliseconds(openedAt, DAY) <= now) return true
  const passed = [openedAt, now].flatMap((day) =>
    carrier.releaseTimes.map((time) => timeOfDay(localDate(day), time)),
  )
  return passed.some((at) => at !== null && at > openedAt && at <= now)
}

function timeOfDay(date: string, time: string): Instant | null {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number)
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return fromLocal(year, month, day, hour, minute)
}
