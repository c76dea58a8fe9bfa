import { luhnDigit, TEST_BODY } from '#lib/imei/imei.ts'
import { addMilliseconds, type Instant, MINUTE } from '#lib/time.ts'
import type { OrderAction, OrderState } from '../orders/rules.ts'

/** The fewest and the most dummy phones of one drill. */
export const DRILL_PHONES = { min: 1, max: 20 } as const

/** The times that a carrier may have for the blocks, and then as long for the unblocks. Minutes. */
export const DRILL_PHASES = [15, 60, 720] as const

/** The words that stand in a drill's orders where others have the law that they rest on. */
export const DRILL_BASIS =
  'Diễn tập, số IMEI thử: không chặn máy nào (drill, test numbers: no phone is blocked)'

/** The reasons that a drill's lines give; `drill` and the legal basis of a line say that it is a drill. */
export const DRILL_REASONS = { block: 'lost', unblock: 'recovered' } as const

/**
 * Returns a number that no phone has: it is of reporting body 00 (GSMA TS.06), and so cannot be reported either. A line
 * of a book is recognised as a drill by its number alone, so that a drill can never reach a real phone.
 */
export function drillImei(randomInt: (below: number) => number): string {
  const key = TEST_BODY + String(1 + randomInt(999_999_999_999)).padStart(12, '0')
  return key + luhnDigit(key)
}

/** The times that tell how far a drill is: the blocks are sent, then the unblocks, then it is over. */
export interface DrillTimes {
  readonly phaseMinutes: number
  readonly startedAt: Instant
  readonly turnedAt: Instant | null
  /** When the part that is going on ends, answered or not. */
  readonly dueAt: Instant
  readonly endedAt: Instant | null
}

const DRILL_STATES = ['blocking', 'unblocking', 'ended'] as const
export type DrillState = (typeof DRILL_STATES)[number]

export const drillState = ({ turnedAt, endedAt }: Pick<DrillTimes, 'turnedAt' | 'endedAt'>): DrillState =>
  endedAt ? 'ended' : turnedAt ? 'unblocking' : 'blocking'

export const phaseEnd = (from: Instant, phaseMinutes: number): Instant =>
  addMilliseconds(from, phaseMinutes * MINUTE)

/**
 * Returns the step of a drill that is due: its unblocks, its end, or none yet. A step is due once everything is
 * answered or the time is over.
 */
export function drillStep(
  drill: DrillTimes,
  orders: readonly { readonly action: OrderAction; readonly state: OrderState }[],
  now: Instant,
): 'turn' | 'end' | null {
  const state = drillState(drill)
  if (state === 'ended') return null
  const action = state === 'blocking' ? 'block' : 'unblock'
  const answered = orders.every(
    (order) => order.action !== action || order.state === 'applied' || order.state === 'failed',
  )
  if (!answered && now < drill.dueAt) return null
  return state === 'blocking' ? 'turn' : 'end'
}

export interface DrilledOrder {
  readonly action: OrderAction
  readonly state: OrderState
  readonly issuedAt: Instant
  readonly acknowledgedAt: Instant | null
  readonly settledAt: Instant | null
}

/** Returns what a drill showed of one action's orders. Times in milliseconds from the order; null where there was none. */
export function drillFigures(orders: readonly DrilledOrder[]) {
  const took = (ends: readonly { readonly from: Instant; readonly to: Instant | null }[]): number[] =>
    ends.flatMap(({ from, to }) => (to ? [to.getTime() - from.getTime()] : [])).sort((a, b) => a - b)
  const median = (times: readonly number[]) => times[Math.ceil(times.length / 2) - 1] ?? null
  const applied = orders.filter(({ state }) => state === 'applied')
  const refused = orders.filter(({ state }) => state === 'failed').length
  const received = took(
    orders.map(({ issuedAt, acknowledgedAt }) => ({ from: issuedAt, to: acknowledgedAt })),
  )
  const done = took(applied.map(({ issuedAt, settledAt }) => ({ from: issuedAt, to: settledAt })))
  return {
    orders: orders.length,
    received: received.length,
    applied: applied.length,
    refused,
    unanswered: orders.length - applied.length - refused,
    medianReceived: median(received),
    medianApplied: median(done),
    slowestApplied: done.at(-1) ?? null,
  }
}
