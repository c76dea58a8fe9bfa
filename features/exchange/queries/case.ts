import '#server-only'
import type { CaseScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { asOnPaper } from '../letters/data.ts'
import type { WayOnPaper } from '../letters/rules.ts'
import { findWithheldReason } from '../releases/data.ts'
import { blockedInBooks } from '../repository/book.ts'
import { blocksAnswered, exemptedFrom, newestOf, newestOrders, ordersOfCase } from '../repository/orders.ts'
import type { CarrierState, Exempted, OrderAction, OrderState } from '../rules/order.ts'
import { isSettled, isWithheld, standsAnywhere } from '../rules/settlement.ts'

/** Tells whether every carrier has done its part of a case's block or unblock; true where there is nothing to do. */
export const ordersSettled = async (tx: Tx, caseId: string, action: OrderAction): Promise<boolean> =>
  isSettled(await ordersOfCase(tx, caseId), action)

/** Tells whether a carrier has, or may yet have, a block of the case that it has not lifted. */
export async function orderInForce(caseId: string, tx?: Tx): Promise<boolean> {
  const orders = await ordersOfCase(tx, caseId)
  const carriers = [...new Set(orders.map(({ carrierId }) => carrierId))]
  const blocked = await blockedInBooks(tx, carriers, caseId)
  return standsAnywhere(orders, new Set(blocked.keys()))
}

export { blocksAnswered, exemptedFrom }

/** Returns why the relay withheld the block that a case waits for; null where it did not. */
export const withheldReason = async (tx: Tx, caseId: string): Promise<string | null> =>
  isWithheld(await ordersOfCase(tx, caseId)) ? findWithheldReason(tx, caseId) : null

/**
 * Tells whether a case's block or unblock waits to be sent, to some carriers or to all of them; null where it went out. What
 * goes on paper waits for its letter.
 */
export async function waitingFor(
  caseId: string,
  action: OrderAction,
  tx: Tx,
): Promise<'some' | 'all' | null> {
  const newest = await asOnPaper(await newestOf(tx, caseId, action), tx)
  const waiting = newest.filter(({ state }) => state === 'queued').length
  if (waiting === 0) return null
  return waiting === newest.length ? 'all' : 'some'
}

/** The progress of one carrier in a case. */
export interface CarrierProgress {
  readonly carrierId: string
  readonly name: string
  readonly state: CarrierState
  readonly action: OrderAction
  /**
   * When the order stood in its book (while it is `queued`, since when it waits), when it said that it had it, and when
   * it said what it did.
   */
  readonly sentAt: Instant
  readonly receivedAt: Instant | null
  readonly doneAt: Instant | null
  /** When its result is due. */
  readonly dueAt: Instant
  /** The stages that it has reached, where it goes by letter. */
  readonly paper?: WayOnPaper
  /** For `failed`: a rejection code of the contract, or `not_found`; null when it gave none. */
  readonly failureCode?: string | null
  /** For `exempt`: why, in words that the citizen reads. */
  readonly exemptReason?: string
}

/**
 * Returns the exempted carriers of a case: where its phone still works after its block, or still does not after its
 * end.
 */
export const exemptCarriers = (scope: CaseScope, caseId: string): Promise<Exempted> =>
  inScope(scope, () => exemptedFrom(caseId))

/** Returns each carrier's part of a case, in the carriers' order; empty before a block is approved. */
export async function carrierStates(scope: CaseScope, caseId: string): Promise<CarrierProgress[]> {
  const orders = await asOnPaper(await newestOrders(scope, caseId))
  return orders.map((order) => ({
    carrierId: order.carrierId,
    name: order.carrier.name,
    state: shown(order.action, order.state),
    action: order.action,
    sentAt: order.issuedAt,
    receivedAt: order.acknowledgedAt,
    doneAt: order.settledAt,
    dueAt: order.dueAt,
    ...(order.paper && { paper: order.paper }),
    ...(order.state === 'failed' && { failureCode: order.failureCode }),
    ...(order.state === 'exempt' && { exemptReason: order.exemptReason ?? '' }),
  }))
}

const shown = (action: OrderAction, state: OrderState): CarrierState => {
  if (state === 'superseded' || state === 'cancelled') throw new Error(`a ${state} order is never the newest`)
  return action === 'unblock' && state === 'applied' ? 'lifted' : state
}
