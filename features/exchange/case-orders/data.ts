import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { withUnits } from '#platform/units.ts'
import { blockedInBooks } from '../book/data.ts'
import { asOnPaper } from '../letters/data.ts'
import type { WayOnPaper } from '../letters/rules.ts'
import {
  type CarrierState,
  type CaseOrder,
  type Exempted,
  isSettled,
  isWithheld,
  type OrderAction,
  type OrderState,
  standsAnywhere,
} from '../orders/rules.ts'

async function ordersOfCase(tx: Tx | undefined, caseId: string): Promise<CaseOrder[]> {
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
  // Orders of the same moment are in book order; one that is not in the book comes last.
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

const within = (scope: CaseScope): Prisma.CarrierOrderWhereInput =>
  scope.kind === 'one' ? { caseId: scope.caseId } : scope.kind === 'unit' ? { case: withUnits(scope) } : {}

/** Returns the carriers exempted from a case's orders; the newest block and unblock of each carrier count. */
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

export const findNewestOf = (tx: Tx, caseId: string, action: OrderAction) =>
  tx.carrierOrder.findMany({
    where: { caseId, action, repairOfId: null, state: { notIn: ['superseded', 'cancelled'] } },
    distinct: ['carrierId'],
    orderBy: [{ carrierId: 'asc' }, { issuedAt: 'desc' }],
    select: { id: true, state: true, carrier: { select: { way: true } } },
  })

const newestOrders = (scope: CaseScope, caseId: string) =>
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
 * Returns those of these cases whose newest block is answered by every carrier, whether it was carried out or not. Uncommitted
 * answers count as missing.
 */
export async function blocksAnswered(caseIds: readonly string[]): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
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

/** Checks whether every carrier has done its part of a case's block or unblock; true if there is nothing to do. */
export const ordersSettled = async (tx: Tx, caseId: string, action: OrderAction): Promise<boolean> =>
  isSettled(await ordersOfCase(tx, caseId), action)

/** Checks whether a carrier has, or may yet get, a block of the case that it has not lifted. */
export async function orderInForce(caseId: string, tx?: Tx): Promise<boolean> {
  const orders = await ordersOfCase(tx, caseId)
  const carriers = [...new Set(orders.map(({ carrierId }) => carrierId))]
  const blocked = await blockedInBooks(tx, carriers, caseId)
  return standsAnywhere(orders, new Set(blocked.keys()))
}

/** Returns why the relay withheld the block that a case waits for; null if it did not. */
export const withheldReason = async (tx: Tx, caseId: string): Promise<string | null> =>
  isWithheld(await ordersOfCase(tx, caseId)) ? findWithheldReason(tx, caseId) : null

async function findWithheldReason(tx: Tx, caseId: string): Promise<string> {
  const order = await tx.carrierOrder.findFirst({
    where: {
      caseId,
      state: 'cancelled',
      release: {
        OR: [
          { state: { in: ['withholding', 'withheld'] } },
          { state: { in: ['sending', 'sent'] }, withheldCaseIds: { has: caseId } },
        ],
      },
    },
    orderBy: { issuedAt: 'desc' },
    select: { release: { select: { reason: true } } },
  })
  return order?.release?.reason ?? ''
}

/**
 * Checks whether a case's block or unblock still waits to be sent to some or all carriers; null if all are sent. An order on
 * paper waits for its letter.
 */
export async function waitingFor(
  caseId: string,
  action: OrderAction,
  tx: Tx,
): Promise<'some' | 'all' | null> {
  const newest = await asOnPaper(await findNewestOf(tx, caseId, action), tx)
  const waiting = newest.filter(({ state }) => state === 'queued').length
  if (waiting === 0) return null
  return waiting === newest.length ? 'all' : 'some'
}

export interface CarrierProgress {
  readonly carrierId: string
  readonly name: string
  readonly state: CarrierState
  readonly action: OrderAction
  /**
   * When the order entered the carrier's book (while `queued`: since when it waits), when the carrier acknowledged it, and when
   * it answered.
   */
  readonly sentAt: Instant
  readonly receivedAt: Instant | null
  readonly doneAt: Instant | null
  readonly dueAt: Instant
  /** The stages reached; only for a carrier on paper. */
  readonly paper?: WayOnPaper
  /** For `failed`: a rejection code of the contract, or `not_found`; null if the carrier gave none. */
  readonly failureCode?: string | null
  /** For `exempt`: why, in words that the citizen reads. */
  readonly exemptReason?: string
}

/** Returns a case's exempted carriers: there the phone still works after its block, or still does not after its unblock. */
export const exemptCarriers = (scope: CaseScope, caseId: string): Promise<Exempted> =>
  inScope(scope, () => exemptedFrom(caseId))

/** Returns each carrier's progress in a case, in the carriers' order; empty before a block is approved. */
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
