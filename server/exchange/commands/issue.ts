import '#server-only'
import { randomUUID } from 'node:crypto'
import { carrierDue } from '#domain/case/clocks.ts'
import { DRILL_BASIS } from '#domain/exchange/drill.ts'
import type { OrderAction, OrderReason } from '#domain/exchange/order.ts'
import type { Instant } from '#domain/time.ts'
import type { Tx } from '#server/platform/db.ts'
import { env } from '#server/platform/env.ts'
import { enqueue } from '#server/platform/queue.ts'
import { signal } from '#server/platform/signals.ts'
import { appendToBook, blockedInBook } from '../repository/book.ts'
import { activeCarriers, carriersOfCase, lockCarrier } from '../repository/carriers.ts'
import { insertOrder, supersedeFailedHold } from '../repository/orders.ts'

export interface OrderRequest {
  readonly caseId: string
  readonly action: OrderAction
  readonly reason: OrderReason
  /** When a temporary block ends; its unblock or a newer block comes by then. */
  readonly expiresAt?: Instant
  /** The phone's IMEIs, 15 digits each. */
  readonly imeis: readonly string[]
  readonly at: Instant
}

/**
 * Issues one decision to every carrier that it concerns, in the decision's own transaction. A block goes to
 * every active carrier; an unblock to each carrier, active or not, in whose book the case's block is the last
 * word, whatever it answered: an answer may still change, and the list in force must come out right.
 * Carriers are taken in order of id, so that two decisions at once cannot wait for each other in a circle.
 */
export async function issueOrders(tx: Tx, request: OrderRequest): Promise<void> {
  const concerned =
    request.action === 'block' ? await activeCarriers(tx) : await carriersOfCase(tx, request.caseId)
  for (const carrierId of concerned) {
    await lockCarrier(tx, carrierId)
    const imeis =
      request.action === 'block' ? request.imeis : await blockedInBook(tx, carrierId, request.caseId)
    if (imeis.length === 0) continue
    await supersedeFailedHold(tx, carrierId, request.caseId)
    await issueOrder(tx, carrierId, request, imeis, null)
  }
}

/** What an order carries out. */
export type OrderOrigin = { readonly caseId: string } | { readonly drillId: string }

/** Appends one order to one carrier's book, whose row the caller has locked, and wakes whoever waits for it. */
export async function issueOrder(
  tx: Tx,
  carrierId: string,
  request: Omit<OrderRequest, 'imeis' | 'caseId'> & OrderOrigin,
  imeis: readonly string[],
  retryOfId: string | null,
): Promise<string> {
  const order = {
    id: randomUUID(),
    carrierId,
    action: request.action,
    reason: request.reason,
    legalBasis: 'drillId' in request ? DRILL_BASIS : env().LEGAL_BASIS,
    issuedAt: request.at,
  }
  const of = 'drillId' in request ? { drillId: request.drillId } : { caseId: request.caseId }
  await insertOrder(tx, { ...order, ...of, state: 'sent', dueAt: carrierDue(request.at), retryOfId })
  const way = await appendToBook(tx, { ...order, expiresAt: request.expiresAt ?? null }, imeis)
  await signal(tx, 'book', carrierId)
  if (way === 'push') await enqueue(tx, 'push', { carrierId })
  return order.id
}
