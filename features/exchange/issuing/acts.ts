import '#server-only'
import { randomUUID } from 'node:crypto'
import { hasSealingFailed } from '#features/audit/sealing/data.ts'
import { carrierDue } from '#features/cases/clocks/rules.ts'
import { addMilliseconds, HOUR, type Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { enterInBooks } from '../book/acts.ts'
import { blockedInBooks } from '../book/data.ts'
import {
  ASKABLE_CARRIER,
  findActiveCarriers,
  findCarriersOfCase,
  findLoads,
  lockCarriers,
} from '../carriers/data.ts'
import { DRILL_BASIS } from '../drills/rules.ts'
import { tellRelay } from '../notices/acts.ts'
import { findWaiting, forgetQueued, supersedeOpen } from '../orders/data.ts'
import type { OrderAction, OrderReason } from '../orders/rules.ts'
import { joinRelease } from '../releases/data.ts'
import { isOverGuard } from '../releases/rules.ts'

interface OrderRequest {
  readonly caseId: string
  readonly action: OrderAction
  readonly reason: OrderReason
  /** When a temporary block ends; its unblock or a newer block comes by then. */
  readonly expiresAt?: Instant
  readonly imeis: readonly string[]
  /** The cases whose blocks this one replaces: it goes only to carriers that have one of theirs. */
  readonly insteadOf?: readonly string[]
  /** Unblocks only these numbers: the case's other blocks stay, and its waiting orders still go out. */
  readonly only?: true
  readonly at: Instant
}

/**
 * Issues one decision to every carrier concerned, in the decision's own transaction. A block goes to every active carrier, a
 * watch to those that can report sightings. An unblock goes to each carrier, active or not, whose book has the case's block or
 * watch as its last line. That includes a failed block: its answer may still change, and the list in force must be right.
 */
export function issueOrders(tx: Tx, request: OrderRequest): Promise<void> {
  if (request.action === 'unblock') return issueUnblocks(tx, request)
  if (request.action === 'watch') return issueWatches(tx, request)
  return request.insteadOf ? passBlocks(tx, request, request.insteadOf) : issueBlocks(tx, request)
}

/** Matches temporary blocks: a newer order of their case replaces those that failed or wait. */
const HOLDS = { reason: 'hold' } as const

/**
 * Issues a block to every active carrier, or queues it if the guard or the carrier's release mode says so. The guard stops a
 * decision at all carriers or at none, so that two people of the relay look at it once.
 */
async function issueBlocks(tx: Tx, request: OrderRequest): Promise<void> {
  const carrierIds = await findActiveCarriers(tx)
  await lockCarriers(tx, carrierIds)
  const { carriers, over } = await guarded(tx, carrierIds, request.at)
  await supersedeOpen(tx, carrierIds, request.caseId, HOLDS)
  await supersedeOpen(tx, carrierIds, request.caseId, { action: 'watch' })
  const goes = carriers.filter(({ releaseMode }) => !over && releaseMode === 'automatic')
  for (const { id } of carriers.filter((carrier) => !goes.includes(carrier)))
    await queueOrder(tx, id, request, over ? null : id)
  const { imeis } = request
  await append(
    tx,
    request,
    goes.map(({ id }) => ({ carrierId: id, imeis })),
  )
}

/**
 * Issues a watch to every active carrier that can report sightings. It is never queued, because it puts no phone out of service.
 */
async function issueWatches(tx: Tx, request: OrderRequest): Promise<void> {
  const askable = { where: ASKABLE_CARRIER, orderBy: { id: 'asc' }, select: { id: true } } as const
  const carrierIds = (await tx.carrier.findMany(askable)).map(({ id }) => id)
  await lockCarriers(tx, carrierIds)
  await append(
    tx,
    request,
    carrierIds.map((carrierId) => ({ carrierId, imeis: request.imeis })),
  )
}

/**
 * Passes phones blocked for some cases to another case. Its block follows in each book where one of theirs is the last line, so
 * that no carrier lifts anything. Nothing new is blocked, so it is not queued, unless theirs is still queued: then it takes that
 * place.
 */
async function passBlocks(tx: Tx, request: OrderRequest, from: readonly string[]): Promise<void> {
  const carrierIds = [...new Set((await Promise.all(from.map((id) => findCarriersOfCase(tx, id)))).flat())]
  await lockCarriers(tx, carrierIds.toSorted())
  const blocked = new Map<string, Set<string>>()
  const waiting: Awaited<ReturnType<typeof findWaiting>> = []
  for (const caseId of from) {
    for (const [carrierId, imeis] of await blockedInBooks(tx, carrierIds, caseId))
      blocked.set(carrierId, new Set([...(blocked.get(carrierId) ?? []), ...imeis]))
    waiting.push(...(await findWaiting(tx, caseId)))
    await supersedeOpen(tx, carrierIds, caseId, { action: 'block' })
  }
  const to = carrierIds.flatMap((carrierId) => {
    const imeis = request.imeis.filter((imei) => blocked.get(carrierId)?.has(imei))
    return imeis.length > 0 ? [{ carrierId, imeis }] : []
  })
  await append(tx, request, to)
  const sent = new Map(to.map(({ carrierId, imeis }) => [carrierId, imeis]))
  for (const carrierId of carrierIds) {
    let left = request.imeis.filter((imei) => !sent.get(carrierId)?.includes(imei))
    // The guard's queue (null) first: a phone in both queues goes out only after two people have looked.
    for (const batchOf of [null, carrierId]) {
      const theirs = waiting.filter((one) => one.carrierId === carrierId && one.batchOf === batchOf)
      const imeis = left.filter((imei) => theirs.some((one) => one.imeis.includes(imei)))
      if (imeis.length > 0) await queueOrder(tx, carrierId, { ...request, imeis }, batchOf)
      left = left.filter((imei) => !imeis.includes(imei))
    }
  }
}

/** Issues an unblock at once. It cancels a block that is still queued; the carrier is then told of neither. */
async function issueUnblocks(tx: Tx, request: OrderRequest): Promise<void> {
  const carrierIds = await findCarriersOfCase(tx, request.caseId)
  // A block then follows to every active carrier: lock all of them in one order, to avoid deadlocks.
  const also = request.only ? await findActiveCarriers(tx) : []
  await lockCarriers(tx, [...new Set([...carrierIds, ...also])].toSorted())
  if (!request.only) {
    const waiting = await tx.carrierOrder.updateManyAndReturn({
      where: { carrierId: { in: carrierIds }, caseId: request.caseId, state: 'queued' },
      data: { state: 'cancelled', settledAt: request.at },
      select: { id: true },
    })
    if (waiting.length > 0) await forgetQueued(tx, waiting)
  }
  const blocked = await blockedInBooks(tx, carrierIds, request.caseId)
  await supersedeOpen(tx, [...blocked.keys()], request.caseId, HOLDS)
  const to = [...blocked].map(([carrierId, imeis]) => ({
    carrierId,
    imeis: request.only ? imeis.filter((imei) => request.imeis.includes(imei)) : imeis,
  }))
  await append(
    tx,
    request,
    to.filter(({ imeis }) => imeis.length > 0),
  )
}

/** Returns locked carriers with their load, and whether one more block exceeds the guard's bounds at any of them. */
async function guarded(tx: Tx, carrierIds: readonly string[], at: Instant) {
  const { GUARD_ORDERS: orders, GUARD_PERCENT: percent } = env()
  const bounds = { orders, percent }
  const carriers = await findLoads(tx, carrierIds, addMilliseconds(at, -HOUR), bounds)
  return { carriers, over: carriers.some((carrier) => isOverGuard(carrier, bounds)) }
}

/**
 * Repeats an order at one carrier, whose row the caller has locked, because the carrier's own list lacks it. The guard and the
 * release mode apply as to any block. Returns the new order's id.
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

type OriginalRequest = Omit<OrderRequest, 'imeis' | 'caseId'> &
  ({ readonly caseId: string } | { readonly drillId: string })

interface Addressed {
  readonly carrierId: string
  readonly imeis: readonly string[]
  readonly retryOfId?: string
  readonly repairOfId?: string
}

/** Appends one order to the book of a carrier, whose row the caller has locked, and wakes waiting requests. */
export async function issueOrder(
  tx: Tx,
  carrierId: string,
  request: OriginalRequest,
  imeis: readonly string[],
  instead: Pick<Addressed, 'retryOfId' | 'repairOfId'> = {},
): Promise<string> {
  const [id] = await append(tx, request, [{ carrierId, imeis, ...instead }])
  if (id === undefined) throw new Error(`no order was issued to ${carrierId}`)
  return id
}

/** Appends orders for several carriers in as many statements as for one, because nobody else can order meanwhile. */
async function append(tx: Tx, request: OriginalRequest, to: readonly Addressed[]): Promise<string[]> {
  if (to.length === 0) return []
  const { action, at, expiresAt = null } = request
  const [of, legalBasis] =
    'drillId' in request
      ? [{ drillId: request.drillId }, DRILL_BASIS]
      : [{ caseId: request.caseId }, env().LEGAL_BASIS]
  const orders = to.map((one) => ({ ...one, ...newOrder(request, legalBasis) }))
  const sent = { ...of, state: 'sent', dueAt: carrierDue(at), action } as const
  await tx.carrierOrder.createMany({ data: orders.map(({ imeis: _, ...order }) => ({ ...order, ...sent })) })
  const caseId = 'drillId' in request ? null : request.caseId
  await enterInBooks(
    tx,
    action,
    orders.map((order) => ({ ...order, caseId, expiresAt })),
    at,
  )
  return orders.map(({ id }) => id)
}

/** Keeps one block out of the book until it is released: by the guard's two people, or with the carrier's batch. */
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
  await tx.carrierOrder.createMany({ data: [{ ...order, ...waits, caseId, action, carrierId }] })
  const queued = { orderId: order.id, imeis: [...imeis], expiresAt }
  await tx.queuedOrder.create({ data: queued, select: { orderId: true } })
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

/** Checks whether an order must wait because the audit log cannot be sealed; an unblock never waits. */
export const waitsForSealing = async (tx: Tx, action: OrderAction): Promise<boolean> =>
  action !== 'unblock' && (await hasSealingFailed(tx))
