import { canonicalJson } from '#lib/canonical-json.ts'
import type { Instant } from '#lib/time.ts'
import type { EntryOutcome, OrderAction, OrderState } from '../orders/rules.ts'

/** Checks whether the phone is as the order wants it. An unblock of a number that is not on the list counts as done. */
export const isDone = (action: OrderAction, outcome: EntryOutcome): boolean =>
  outcome === 'applied' || outcome === 'already' || (outcome === 'not_found' && action === 'unblock')

interface Answer {
  readonly outcome: EntryOutcome
  readonly code: string | null
}

export interface RecordedRow extends Answer {
  /** 15 digits. */
  readonly imei: string
  /** When the carrier acted; for a row dated before its order, when the order was issued. */
  readonly at: Instant
}

/** Returns the text whose SHA-256 is in the log entry of a result. */
export const rowText = (order: string, { imei, outcome, code, at }: RecordedRow): string =>
  canonicalJson({ order, imei, outcome, code, at: at.toISOString() })

/**
 * Checks whether an answer changes the known outcome of a line. A success is final, so a delayed failure cannot undo the success
 * that overtook it; a failure may be corrected by any other answer.
 */
export function changesLine(action: OrderAction, known: Answer | null, told: Answer): boolean {
  if (known === null) return true
  if (isDone(action, known.outcome)) return false
  return known.outcome !== told.outcome || known.code !== told.code
}

/**
 * Returns an order's state after an answer, from its lines' outcomes (null: none yet). An answer also acknowledges the order.
 * Applied, superseded and cancelled are final; an exemption ends only by being applied after all.
 */
export function stateAfter(
  action: OrderAction,
  state: OrderState,
  outcomes: readonly (EntryOutcome | null)[],
): OrderState {
  if (state === 'applied' || state === 'superseded' || state === 'cancelled') return state
  const answers = outcomes.filter((outcome) => outcome !== null)
  const allDone = answers.every((outcome) => isDone(action, outcome))
  if (allDone && answers.length === outcomes.length) return 'applied'
  if (state === 'exempt') return state
  if (!allDone) return 'failed'
  return answers.length > 0 ? 'acknowledged' : state
}
