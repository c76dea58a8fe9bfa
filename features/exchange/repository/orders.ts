import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { withUnits } from '#platform/units.ts'
import type { Exempted, OrderAction, OrderReason, OrderState } from '../rules/order.ts'
import type { CaseOrder } from '../rules/settlement.ts'

export async function insertOrders(tx: Tx, data: Prisma.CarrierOrderCreateManyInput[]): Promise<void> {
  await tx.carrierOrder.createMany({ data })
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
  readonly issuedAt: Instant
  readonly acknowledgedAt: Instant | null
}

/** Returns orders by id, locked until the transaction ends, always in order of id so that nobody waits in a circle. */
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

export async function saveOrders(
  tx: Tx,
  orders: readonly { readonly id: string }[],
  change: Prisma.CarrierOrderUncheckedUpdateManyInput,
): Promise<void> {
  await tx.carrierOrder.updateMany({ where: { id: { in: orders.map(({ id }) => id) } }, data: change })
}

export interface OrderResult {
  readonly id: string
  readonly state: OrderState
  readonly failureCode: string | null
}

/** Writes what became of locked orders by what their carrier told now. An order that is told of has been received. */
export async function saveResults(tx: Tx, results: readonly OrderResult[], now: Instant): Promise<void> {
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

/** Marks a case's orders of a kind that failed or still wait as superseded: newer ones take their place. */
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

/** Returns a case's blocks that wait to go out, with the batch they wait in; null is the guard's. */
export async function waitingOf(tx: Tx, caseId: string) {
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

/** Deletes what an order was to say, when it is not needed any more: it stands in the book, or never will. */
export async function forgetQueued(tx: Tx, orders: readonly { readonly id: string }[]): Promise<void> {
  await tx.queuedOrder.deleteMany({ where: { orderId: { in: orders.map(({ id }) => id) } } })
}

/** Cancels a case's blocks that wait to be sent: no carrier is told of them. */
export async function cancelWaiting(
  tx: Tx,
  carrierIds: readonly string[],
  caseId: string,
  at: Instant,
): Promise<void> {
  const waiting = await tx.carrierOrder.updateManyAndReturn({
    where: { carrierId: { in: [...carrierIds] }, caseId, state: 'queued' },
    data: { state: 'cancelled', settledAt: at },
    select: { id: true },
  })
  if (waiting.length > 0) await forgetQueued(tx, waiting)
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

/** Returns a case's orders with what the carriers answered, for the rule that settles it. */
export async function ordersOfCase(tx: Tx | undefined, caseId: string): Promise<CaseOrder[]> {
  const rows = await (tx ?? db).carrierOrder.findMany({
    where: { caseId, repairOfId: null },
    select: {
      carrierId: true,
      action: true,
      state: true,
      issuedAt: true,
      entries: { select: { seq: true, outcome: true, imei: true }, orderBy: { seq: 'asc' } },
      queued: { select: { imeis: true } },
    },
  })
  // Orders of the same moment are sorted as in the book; one that is not in it comes last.
  const place = ({ entries }: (typeof rows)[number]) => Number(entries[0]?.seq ?? Number.MAX_SAFE_INTEGER)
  return rows
    .sort((a, b) => a.issuedAt.getTime() - b.issuedAt.getTime() || place(a) - place(b))
    .map(({ entries, queued, issuedAt: _, ...order }, seq) => ({
      ...order,
      seq,
      outcomes: entries.map((line) => line.outcome),
      imeis: queued?.imeis ?? entries.map((line) => line.imei),
    }))
}

/** Keeps a query for orders inside a person's scope over cases. */
const within = (scope: CaseScope): Prisma.CarrierOrderWhereInput =>
  scope.kind === 'one' ? { caseId: scope.caseId } : scope.kind === 'unit' ? { case: withUnits(scope) } : {}

/** Returns the carriers that were exempted from a case's orders, by each carrier's newest of either kind. */
export async function exemptedFrom(caseId: string, tx: Tx = db): Promise<Exempted> {
  const newest = await tx.carrierOrder.findMany({
    where: { caseId, repairOfId: null, state: { notIn: ['superseded', 'cancelled'] } },
    distinct: ['carrierId', 'action'],
    orderBy: [{ carrier: { ordinal: 'asc' } }, { carrierId: 'asc' }, { action: 'asc' }, { issuedAt: 'desc' }],
    select: { action: true, state: true, carrier: { select: { name: true } } },
  })
  const exempt = newest.filter(({ state }) => state === 'exempt')
  const from = (action: OrderAction) =>
    exempt.filter((order) => order.action === action).map(({ carrier }) => carrier.name)
  return { block: from('block'), unblock: from('unblock') }
}

/** Returns the newest order of an action at each carrier of a case, with the way by which it goes. */
export const newestOf = (tx: Tx, caseId: string, action: OrderAction) =>
  tx.carrierOrder.findMany({
    where: { caseId, action, repairOfId: null, state: { notIn: ['superseded', 'cancelled'] } },
    distinct: ['carrierId'],
    orderBy: [{ carrierId: 'asc' }, { issuedAt: 'desc' }],
    select: { id: true, state: true, carrier: { select: { way: true } } },
  })

/** Returns each carrier's newest order of a case, in the carriers' order. */
export const newestOrders = (scope: CaseScope, caseId: string) =>
  inScope(scope, () =>
    db.carrierOrder.findMany({
      where: { AND: [{ caseId, state: { notIn: ['superseded', 'cancelled'] } }, within(scope)] },
      distinct: ['carrierId'],
      orderBy: [
        { carrier: { ordinal: 'asc' } },
        { carrierId: 'asc' },
        { issuedAt: 'desc' },
        { action: 'desc' },
      ],
      select: {
        carrierId: true,
        id: true,
        carrier: { select: { name: true, way: true } },
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

/**
 * Returns those of these cases whose newest block order of every carrier is answered: police's decision is carried out there, or
 * will not be. What another transaction has not committed yet counts as unanswered.
 */
export async function blocksAnswered(caseIds: readonly string[], tx: Tx = db): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM unnest(${[...caseIds]}::uuid[]) AS asked (id)
    WHERE NOT EXISTS (
      SELECT FROM carrier_orders o
      WHERE o.case_id = asked.id AND o.action = 'block' AND o.state IN ('queued', 'sent', 'acknowledged')
        AND NOT EXISTS (
          SELECT FROM carrier_orders newer
          WHERE newer.case_id = o.case_id AND newer.carrier_id = o.carrier_id AND newer.action = 'block'
            AND newer.issued_at > o.issued_at
        )
    )`
  return rows.map(({ id }) => id)
}
