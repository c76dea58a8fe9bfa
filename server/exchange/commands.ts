import '#server-only'
import { randomUUID } from 'node:crypto'
import { carrierDue } from '#domain/case/clocks.ts'
import type { OrderAction, OrderReason } from '#domain/exchange/order.ts'
import type { Instant } from '#domain/time.ts'
import type { Tx } from '#server/platform/db.ts'
import { env } from '#server/platform/env.ts'
import { activeCarriers, appendToBook, imeisToLift, insertOrder } from './repository.ts'

export interface OrderRequest {
  readonly caseId: string
  readonly action: OrderAction
  readonly reason: OrderReason
  /** The phone's IMEIs, 15 digits each. */
  readonly imeis: readonly string[]
  readonly at: Instant
}

/**
 * Issues one decision to every carrier that it concerns, in the decision's own transaction. A block goes to
 * every active carrier; an unblock to each that has, or may yet get, any of the phone's numbers on its list.
 * Carriers are taken in order of id, so that two decisions at once cannot wait for each other in a circle.
 */
export async function issueOrders(tx: Tx, request: OrderRequest): Promise<void> {
  for (const carrierId of await activeCarriers(tx)) {
    const imeis =
      request.action === 'block' ? request.imeis : await imeisToLift(tx, carrierId, request.caseId)
    if (imeis.length > 0) await issueOrder(tx, carrierId, request, imeis, null)
  }
}

/** Appends one order to one carrier's book. */
export async function issueOrder(
  tx: Tx,
  carrierId: string,
  request: Omit<OrderRequest, 'imeis'>,
  imeis: readonly string[],
  retryOfId: string | null,
): Promise<void> {
  const order = {
    id: randomUUID(),
    caseId: request.caseId,
    carrierId,
    action: request.action,
    reason: request.reason,
    legalBasis: env().LEGAL_BASIS,
    issuedAt: request.at,
  }
  await insertOrder(tx, { ...order, state: 'sent', dueAt: carrierDue(request.at), retryOfId })
  await appendToBook(tx, order, imeis)
}
