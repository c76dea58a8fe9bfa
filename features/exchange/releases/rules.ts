import { z } from 'zod'
import { addMilliseconds, DAY, fromLocal, type Instant, localDate } from '#lib/time.ts'

/** The decision on a release: sent, sent without the cases in `withheld`, or withheld as a whole. */
export const releaseDecision = z.object({
  releaseId: z.uuid(),
  outcome: z.enum(['sending', 'withholding']),
  reason: z.string(),
  /** Case ids, sorted. */
  withheld: z.array(z.uuid()),
})

/** A release has at most one open request: the decision on it. */
export const releaseSubject = (releaseId: string): string => `release:${releaseId}`

/** The blocks that may go out in an hour before two people of the relay have to look. */
export interface GuardBounds {
  readonly orders: number
  /** Per cent of the list in force. */
  readonly percent: number
}

/** A carrier's block orders of the last hour, and the phones on its list. */
export interface CarrierLoad {
  readonly recent: number
  readonly blocklistSize: number
}

/**
 * Checks whether one more block is unusual: it must exceed both bounds, so that neither the growth of a small list nor a busy day
 * of a long one stops anybody. Unblocks are never checked.
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

/** Parses times of the day, such as `8:00, 14h30`, sorted and without duplicates; null if one is invalid. */
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
 * Checks whether a batch opened at `openedAt` is due now. It always is once the carrier's mode is `automatic`, and never if
 * blocks go out by hand.
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
