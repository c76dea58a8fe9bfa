import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import type { OrderAction, OrderReason, OrderState } from './rules.ts'

export interface LockedOrder {
  readonly id: string
  /** Either a case's or a drill's order. */
  readonly caseId: string | null
  readonly drillId: string | null
  readonly carrierId: string
  readonly action: OrderAction
  readonly reason: OrderReason
  readonly state: OrderState
  readonly issuedAt: Instant
  readonly acknowledgedAt: Instant | null
}

/** Locks orders until the transaction ends and returns them. Always in order of id, to avoid deadlocks. */
export async function lockOrders(
  tx: Tx,
  orderIds: readonly string[],
  carrierId?: string,
): Promise<LockedOrder[]> {
  const ids = [...orderIds]
  await tx.$queryRaw`SELECT 1 FROM carrier_orders WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR UPDATE`
  return tx.carrierOrder.findMany({
    where: { id: { in: ids }, ...(carrierId && { carrierId }) },
    select: {
      id: true,
      caseId: true,
      drillId: true,
      carrierId: true,
      action: true,
      reason: true,
      state: true,
      issuedAt: true,
      acknowledgedAt: true,
    },
  })
}

export async function saveOrder(
  tx: Tx,
  orderId: string,
  change: Prisma.CarrierOrderUncheckedUpdateInput,
): Promise<void> {
  await tx.carrierOrder.update({ where: { id: orderId }, data: change, select: { id: true } })
}

export async function saveOrders(
  tx: Tx,
  orders: readonly { readonly id: string }[],
  change: Prisma.CarrierOrderUncheckedUpdateManyInput,
): Promise<void> {
  await tx.carrierOrder.updateMany({ where: { id: { in: orders.map(({ id }) => id) } }, data: change })
}

/** Stores the state of locked orders after results from their carrier. A result also acknowledges its order. */
export async function saveResults(
  tx: Tx,
  results: readonly {
    readonly id: string
    readonly state: OrderState
    readonly failureCode: string | null
  }[],
  now: Instant,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE carrier_orders o SET state = told.state::order_state, failure_code = told.code,
      acknowledged_at = coalesce(acknowledged_at, ${now}::timestamptz),
      settled_at = CASE
        WHEN told.state::order_state = o.state THEN settled_at
        WHEN told.state IN ('applied', 'failed') THEN ${now}::timestamptz
      END
    FROM unnest(
      ${results.map(({ id }) => id)}::uuid[], ${results.map(({ state }) => state)}::text[],
      ${results.map(({ failureCode }) => failureCode)}::text[]
    ) AS told (id, state, code)
    WHERE o.id = told.id`
}

/** Supersedes a case's orders of a kind that failed or still wait: newer ones replace them. */
export async function supersedeOpen(
  tx: Tx,
  carrierIds: readonly string[],
  caseId: string,
  kind: { readonly reason: OrderReason } | { readonly action: OrderAction },
): Promise<void> {
  const replaced = await tx.carrierOrder.updateManyAndReturn({
    where: { ...kind, carrierId: { in: [...carrierIds] }, caseId, state: { in: ['failed', 'queued'] } },
    data: { state: 'superseded' },
    select: { id: true, queuedAt: true },
  })
  const waited = replaced.filter(({ queuedAt }) => queuedAt !== null)
  if (waited.length > 0) await forgetQueued(tx, waited)
}

/** Returns a case's queued blocks with the carrier of their batch; null means the guard's queue. */
export async function findWaiting(tx: Tx, caseId: string) {
  const rows = await tx.carrierOrder.findMany({
    where: { caseId, action: 'block', state: 'queued' },
    select: {
      carrierId: true,
      queued: { select: { imeis: true } },
      release: { select: { carrierId: true } },
    },
  })
  return rows.map(({ carrierId, queued, release }) => ({
    carrierId,
    imeis: queued?.imeis ?? [],
    batchOf: release?.carrierId ?? null,
  }))
}

/** Deletes the stored content of queued orders once they are in the book or never will be. */
export async function forgetQueued(tx: Tx, orders: readonly { readonly id: string }[]): Promise<void> {
  await tx.queuedOrder.deleteMany({ where: { orderId: { in: orders.map(({ id }) => id) } } })
}

/** Marks the orders whose last line is within `(from, upTo]` of their book as received. */
export async function acknowledgeOrders(
  tx: Tx,
  carrierId: string,
  from: number,
  upTo: number,
  at: Instant,
): Promise<number> {
  return tx.$executeRaw`
    UPDATE carrier_orders SET state = 'acknowledged', acknowledged_at = ${at}
    WHERE id IN (
      SELECT id FROM carrier_orders
      WHERE state IN ('queued', 'sent') AND id IN (
        SELECT order_id FROM book_entries line
        WHERE carrier_id = ${carrierId} AND seq > ${from} AND seq <= ${upTo} AND NOT EXISTS (
          SELECT 1 FROM book_entries later WHERE later.order_id = line.order_id AND later.seq > ${upTo}
        )
      )
      ORDER BY id FOR UPDATE
    )`
}
