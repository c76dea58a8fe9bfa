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

/** Returns a case's orders with what the carriers answered, for the rule that settles it. */
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
export const findNewestOf = (tx: Tx, caseId: string, action: OrderAction) =>
  tx.carrierOrder.findMany({
    where: { caseId, action, repairOfId: null, state: { notIn: ['superseded', 'cancelled'] } },
    distinct: ['carrierId'],
    orderBy: [{ carrierId: 'asc' }, { issuedAt: 'desc' }],
    select: { id: true, state: true, carrier: { select: { way: true } } },
  })

/** Returns each carrier's newest order of a case, in the carriers' order. */
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
 * Returns those of these cases whose newest block order of every carrier is answered: police's decision is carried out there, or
 * will not be. What another transaction has not committed yet counts as unanswered.
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

/** Returns why the relay withheld the block that a case waits for; null where it did not. */
export const withheldReason = async (tx: Tx, caseId: string): Promise<string | null> =>
  isWithheld(await ordersOfCase(tx, caseId)) ? findWithheldReason(tx, caseId) : null

/** Returns the words with which two of the relay withheld a case's block. */
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
 * Tells whether a case's block or unblock waits to be sent, to some carriers or to all of them; null where it went out. What
 * goes on paper waits for its letter.
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
