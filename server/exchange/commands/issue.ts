import '#server-only'
import { randomUUID } from 'node:crypto'
import { carrierDue } from '#domain/case/clocks.ts'
import { DRILL_BASIS } from '#domain/exchange/drill.ts'
import { isOverGuard } from '#domain/exchange/guard.ts'
import type { OrderAction, OrderReason } from '#domain/exchange/order.ts'
import { HOUR, type Instant, plus } from '#domain/time.ts'
import type { Tx } from '#server/platform/db.ts'
import { env } from '#server/platform/env.ts'
import { enqueue } from '#server/platform/queue.ts'
import { signal } from '#server/platform/signals.ts'
import { appendToBook, blockedInBook } from '../repository/book.ts'
import { activeCarriers, carriersOfCase, loadsOf, lockCarriers } from '../repository/carriers.ts'
import { cancelWaiting, insertOrder, supersedeOpenHold } from '../repository/orders.ts'
import { insertQueued, joinRelease } from '../repository/releases.ts'
import { tellRelay } from './tell.ts'

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
 */
export const issueOrders = (tx: Tx, request: OrderRequest): Promise<void> =>
  request.action === 'block' ? issueBlocks(tx, request) : issueUnblocks(tx, request)

/**
 * A block waits where the guard or the carrier's own choice says so. The guard stops a decision at every carrier or at
 * none, so that two people of the relay look at it once.
 */
async function issueBlocks(tx: Tx, request: OrderRequest): Promise<void> {
  const carrierIds = await activeCarriers(tx)
  await lockCarriers(tx, carrierIds)
  const stopped = await guarded(tx, carrierIds, request.at)
  for (const carrier of stopped.carriers) {
    await supersedeOpenHold(tx, carrier.id, request.caseId)
    if (stopped.over) await queueOrder(tx, carrier.id, request, null)
    else if (carrier.releaseMode !== 'automatic') await queueOrder(tx, carrier.id, request, carrier.id)
    else await issueOrder(tx, carrier.id, request, request.imeis)
  }
}

/** An unblock is never held up. A block of the case that still waits is cancelled, and nobody is told of either. */
async function issueUnblocks(tx: Tx, request: OrderRequest): Promise<void> {
  const carrierIds = await carriersOfCase(tx, request.caseId)
  await lockCarriers(tx, carrierIds)
  for (const carrierId of carrierIds) {
    await cancelWaiting(tx, carrierId, request.caseId, request.at)
    const imeis = await blockedInBook(tx, carrierId, request.caseId)
    if (imeis.length === 0) continue
    await supersedeOpenHold(tx, carrierId, request.caseId)
    await issueOrder(tx, carrierId, request, imeis)
  }
}

/** Locked carriers with what they are told at present, and whether one more block is too much for any of them. */
async function guarded(tx: Tx, carrierIds: readonly string[], at: Instant) {
  const { GUARD_ORDERS: orders, GUARD_PERCENT: percent } = env()
  const carriers = await loadsOf(tx, carrierIds, plus(at, -HOUR))
  return { carriers, over: carriers.some((carrier) => isOverGuard(carrier, { orders, percent })) }
}

/**
 * Orders again, at one carrier whose row the caller has locked, what its own list did not show. A block is a block: the
 * guard and the carrier's choice hold for it as for any other. Answers the new order's id.
 */
export async function repeatOrder(
  tx: Tx,
  carrierId: string,
  request: OrderRequest,
  repairOfId: string,
): Promise<string> {
  const { carriers, over } = await guarded(tx, [carrierId], request.at)
  const batched = carriers.some(({ releaseMode }) => releaseMode !== 'automatic')
  return request.action === 'block' && (over || batched)
    ? queueOrder(tx, carrierId, request, over ? null : carrierId, repairOfId)
    : issueOrder(tx, carrierId, request, request.imeis, { repairOfId })
}

/** What an order carries out. */
export type OrderOrigin = { readonly caseId: string } | { readonly drillId: string }

/** Appends one order to one carrier's book, whose row the caller has locked, and wakes whoever waits for it. */
export async function issueOrder(
  tx: Tx,
  carrierId: string,
  request: Omit<OrderRequest, 'imeis' | 'caseId'> & OrderOrigin,
  imeis: readonly string[],
  instead: { readonly retryOfId?: string; readonly repairOfId?: string } = {},
): Promise<string> {
  const { action, at, expiresAt = null } = request
  const of = 'drillId' in request ? { drillId: request.drillId } : { caseId: request.caseId }
  const order = newOrder(request, 'drillId' in request ? DRILL_BASIS : env().LEGAL_BASIS)
  await insertOrder(tx, {
    ...order,
    ...of,
    ...instead,
    state: 'sent',
    dueAt: carrierDue(at),
    action,
    carrierId,
  })
  const way = await appendToBook(tx, { carrierId, action }, [{ ...order, expiresAt, imeis }])
  await signal(tx, 'book', carrierId)
  if (way === 'push') await enqueue(tx, 'push', { carrierId })
  return order.id
}

/** Keeps one block out of the book until its release: the guard's, or the batch of a carrier. */
async function queueOrder(
  tx: Tx,
  carrierId: string,
  request: OrderRequest,
  batchOf: string | null,
  repairOfId: string | null = null,
): Promise<string> {
  const { caseId, action, at, imeis, expiresAt = null } = request
  const { id: releaseId, opened } = await joinRelease(tx, batchOf, at)
  const order = newOrder(request, env().LEGAL_BASIS)
  const waits = { state: 'queued', queuedAt: at, dueAt: carrierDue(at), releaseId, repairOfId } as const
  await insertOrder(tx, { ...order, ...waits, caseId, action, carrierId })
  await insertQueued(tx, { orderId: order.id, imeis: [...imeis], expiresAt })
  if (opened && batchOf === null)
    await tellRelay(tx, { template: 'release_waiting', carrierId: null, values: {} })
  return order.id
}

const newOrder = ({ reason, at }: Pick<OrderRequest, 'reason' | 'at'>, legalBasis: string) => ({
  id: randomUUID(),
  reason,
  legalBasis,
  issuedAt: at,
})
