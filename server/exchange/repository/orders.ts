import '#server-only'
import type { CaseScope } from '#domain/access/scope.ts'
import type { OrderAction, OrderReason, OrderState } from '#domain/exchange/order.ts'
import type { CaseOrder } from '#domain/exchange/settlement.ts'
import type { Instant } from '#domain/time.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import { db, type Tx } from '#server/platform/db.ts'
import { inScope } from '#server/platform/scope.ts'

export async function insertOrder(tx: Tx, order: Prisma.CarrierOrderUncheckedCreateInput): Promise<void> {
  await tx.carrierOrder.create({ data: order, select: { id: true } })
}

export interface LockedOrder {
  readonly id: string
  /** Of a case or of a drill. */
  readonly caseId: string | null
  readonly drillId: string | null
  readonly carrierId: string
  readonly action: OrderAction
  readonly reason: OrderReason
  readonly state: OrderState
  readonly acknowledgedAt: Instant | null
  readonly exemptAskedById: string | null
  readonly exemptReason: string | null
}

/** Orders by id, locked until the transaction ends, always in order of id so that nobody waits in a circle. */
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
      acknowledgedAt: true,
      exemptAskedById: true,
      exemptReason: true,
    },
  })
}

export const carrierOfOrder = async (tx: Tx, orderId: string): Promise<string | null> =>
  (await tx.carrierOrder.findFirst({ where: { id: orderId }, select: { carrierId: true } }))?.carrierId ??
  null

export async function saveOrder(
  tx: Tx,
  orderId: string,
  change: Prisma.CarrierOrderUncheckedUpdateInput,
): Promise<void> {
  await tx.carrierOrder.update({ where: { id: orderId }, data: change, select: { id: true } })
}

/** A newer order takes the place of a temporary block that failed: repeating that is of no use any more. */
export async function supersedeFailedHold(tx: Tx, carrierId: string, caseId: string): Promise<void> {
  await tx.carrierOrder.updateMany({
    where: { carrierId, caseId, reason: 'hold', state: 'failed' },
    data: { state: 'superseded' },
  })
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

/** A case's orders with what the carriers answered, for the rule that settles it. */
export async function ordersOfCase(tx: Tx | undefined, caseId: string): Promise<CaseOrder[]> {
  const rows = await (tx ?? db).carrierOrder.findMany({
    where: { caseId },
    select: {
      carrierId: true,
      action: true,
      state: true,
      entries: { select: { seq: true, outcome: true }, orderBy: { seq: 'asc' } },
    },
  })
  return rows.map(({ entries, ...order }) => ({
    ...order,
    seq: Number(entries[0]?.seq ?? 0),
    outcomes: entries.map((line) => line.outcome),
  }))
}

/** The carrier that sees an IMEI of this case in several phones; null where none says so. */
export async function sharedBy(tx: Tx, caseId: string): Promise<string | null> {
  const order = await tx.carrierOrder.findFirst({
    where: { caseId, action: 'block', failureCode: 'shared_imei', state: { in: ['failed', 'exempt'] } },
    select: { carrierId: true },
  })
  return order?.carrierId ?? null
}

/** Keeps a query for orders inside somebody's scope over cases. */
const within = (scope: CaseScope): Prisma.CarrierOrderWhereInput =>
  scope.kind === 'one'
    ? { caseId: scope.caseId }
    : scope.kind === 'area'
      ? { case: { areaId: scope.areaId } }
      : {}

/** Each carrier's newest order of a case, in the carriers' order. */
export const newestOrders = (scope: CaseScope, caseId: string) =>
  inScope(scope, () =>
    db.carrierOrder.findMany({
      where: { AND: [{ caseId, state: { not: 'superseded' } }, within(scope)] },
      distinct: ['carrierId'],
      orderBy: [
        { carrier: { ordinal: 'asc' } },
        { carrierId: 'asc' },
        { issuedAt: 'desc' },
        { action: 'desc' },
      ],
      select: {
        carrierId: true,
        carrier: { select: { name: true } },
        action: true,
        state: true,
        issuedAt: true,
        dueAt: true,
        acknowledgedAt: true,
        settledAt: true,
        failureCode: true,
        exemptReason: true,
      },
    }),
  )
