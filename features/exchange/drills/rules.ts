import { luhnDigit, TEST_BODY } from '#lib/imei/imei.ts'
import { addMilliseconds, type Instant, MINUTE } from '#lib/time.ts'
import type { OrderAction, OrderState } from '../orders/rules.ts'

export const DRILL_PHONES = { min: 1, max: 20 } as const

/** Minutes that a carrier may have for the blocks, and the same again for the unblocks. */
export const DRILL_PHASES = [15, 60, 720] as const

export const DRILL_BASIS =
  'Diễn tập, số IMEI thử: không chặn máy nào (drill, test numbers: no phone is blocked)'

/** The reasons on a drill's lines; the drill flag and the legal basis mark them as a drill. */
export const DRILL_REASONS = { block: 'lost', unblock: 'recovered' } as const

/**
 * Returns a number that no phone has: it belongs to reporting body 00 (GSMA TS.06), so it cannot be reported either. A line is
 * recognised as a drill by its number alone, so a drill can never reach a real phone.
 */
export function drillImei(randomInt: (below: number) => number): string {
  const key = TEST_BODY + String(1 + randomInt(999_999_999_999)).padStart(12, '0')
  return key + luhnDigit(key)
}

/** The progress of a drill: blocks are sent, then unblocks, then it ends. */
export interface DrillTimes {
  readonly phaseMinutes: number
  readonly startedAt: Instant
  readonly turnedAt: Instant | null
  /** When the current half ends, answered or not. */
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
 * Returns the step of a drill that is due: its unblocks, its end, or null. A step is due once everything is answered or the time
 * is over.
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

/** Returns a drill's figures for one action. Times are in milliseconds from the order; null without any. */
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
