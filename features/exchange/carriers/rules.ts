import { z } from 'zod'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { addMilliseconds, DAY, endOfLocalDay, HOUR, type Instant, localDate } from '#lib/time.ts'
import { DELIVERY_WAYS } from '../delivery/rules.ts'
import { RELEASE_MODES } from '../releases/rules.ts'

const carrierId = z.string()

/** A further API key or signing secret. The asker takes it once it is confirmed. */
export const carrierSecret = z.object({ carrierId })
/** A change of a carrier's way. `version` is the one that the asker saw. */
export const carrierWay = z.object({
  carrierId,
  way: z.enum(DELIVERY_WAYS),
  url: z.string(),
  version: z.int(),
})
/** A change of release mode; a null carrier means all. */
export const carrierMode = z.object({
  carrierId: carrierId.nullable(),
  releaseMode: z.enum(RELEASE_MODES),
  releaseTimes: z.array(z.string()),
})

type Person = Pick<StaffActor, 'role' | 'carrierId'>

/**
 * Checks whether a person may ask for and confirm changes of a carrier's keys and ways: the relay for all, others for their own
 * carrier.
 */
export const attendsCarrier = (by: Person, { carrierId: of }: { readonly carrierId: string }): boolean =>
  may(by.role, 'carrier:manage') || (may(by.role, 'carrier:own') && by.carrierId === of)

export const releasesOrders = (by: Person): boolean => may(by.role, 'order:release')

/** Names what a request changes, such as `carrier.key:viettel`; only one request for it is open at a time. */
export const carrierSubject = (kind: `carrier.${string}`, carrierId: string | null): string =>
  `${kind}:${carrierId ?? 'all'}`

/** Days for which a carrier's health is shown; today is the last of them. */
export const HEALTH_SPANS = [14, 90] as const
export type HealthSpan = (typeof HEALTH_SPANS)[number]
export const readSpan = (text: string): HealthSpan => HEALTH_SPANS.find((days) => String(days) === text) ?? 14

/** The orders that a carrier answered on a day. Times run from order to answer, for orders that it carried out. */
export interface AnsweredDay {
  readonly day: string
  readonly applied: number
  readonly refused: number
  readonly medianSeconds: number | null
  readonly p90Seconds: number | null
}

export interface RefusalCount {
  readonly code: string
  readonly count: number
}

export interface ContactDay {
  readonly day: string
  readonly hours: number
}

export interface HealthDay extends AnsweredDay {
  /** Whole hours of the day so far without contact; null if contact was not recorded yet. */
  readonly silentHours: number | null
}

export interface Health {
  readonly days: readonly HealthDay[]
  readonly refusals: readonly RefusalCount[]
  /** When contact was first recorded; null: never. */
  readonly notedSince: Instant | null
  /** True while the figures cover less than a day. */
  readonly isYoung: boolean
}

export const spanStart = (span: HealthSpan, now: Instant): Instant =>
  addMilliseconds(endOfLocalDay(now), -span * DAY)

/** Counts the whole hours of a day that have passed since contact was first recorded; null if that was later. */
function passedHours(start: Instant, now: Instant, notedSince: Instant | null): number | null {
  if (notedSince === null) return null
  const from = Math.max(start.getTime(), Math.floor(notedSince.getTime() / HOUR) * HOUR)
  const to = Math.min(start.getTime() + DAY, now.getTime())
  return to - from >= HOUR ? Math.floor((to - from) / HOUR) : null
}

/** Returns every day of a span, also those without events, the oldest first. */
export function healthOf(
  span: HealthSpan,
  now: Instant,
  found: {
    readonly answered: readonly AnsweredDay[]
    readonly contact: readonly ContactDay[]
    readonly refusals: readonly RefusalCount[]
    readonly notedSince: Instant | null
    /** When the carrier's first order was answered; null: none yet. */
    readonly firstAnswer: Instant | null
  },
): Health {
  const { notedSince, firstAnswer, refusals } = found
  const answered = new Map(found.answered.map((one) => [one.day, one]))
  const contact = new Map(found.contact.map((one) => [one.day, one.hours]))
  const first = spanStart(span, now)
  const days = Array.from({ length: span }, (_, at): HealthDay => {
    const start = addMilliseconds(first, at * DAY)
    const day = localDate(start)
    const passed = passedHours(start, now, notedSince)
    return {
      ...(answered.get(day) ?? { day, applied: 0, refused: 0, medianSeconds: null, p90Seconds: null }),
      silentHours: passed === null ? null : Math.max(0, passed - (contact.get(day) ?? 0)),
    }
  })
  const since = [notedSince, firstAnswer].flatMap((at) => at?.getTime() ?? [])
  const isYoung = since.length === 0 || Math.min(...since) > now.getTime() - DAY
  return { days, refusals, notedSince, isYoung }
}
