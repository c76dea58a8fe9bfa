import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { carrierDue } from '#features/cases/clocks/rules.ts'
import type { Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { enqueue } from '#platform/queue.ts'
import { enterInBooks } from '../book/acts.ts'
import { lockCarrier } from '../carriers/data.ts'
import { waitsForSealing } from '../issuing/acts.ts'
import { forgetQueued, saveOrders } from '../orders/data.ts'
import { settlePriority } from '../orders/rules.ts'
import { findCarriersWaiting, lockRelease, saveRelease, type WaitingOrder } from './data.ts'
import { isBatchDue } from './rules.ts'

/** Orders sent in one transaction: enough to be quick, few enough to hold no book for long. */
const ORDERS_A_TRANSACTION = 100

/**
 * Starts the batches that are due, and finishes every decided release. Each step is its own transaction, so after a stop the next
 * run goes on with the rest. An unblock between two steps cancels blocks that have not gone yet. Returns the number of orders
 * sent or withheld.
 */
export async function runReleases(now: Instant, stop: AbortSignal): Promise<number> {
  const batches = {
    where: { cause: 'choice', state: 'waiting' },
    select: { id: true, openedAt: true, carrier: { select: { releaseMode: true, releaseTimes: true } } },
  } as const
  for (const { id, openedAt, carrier } of await transaction((tx) => tx.orderRelease.findMany(batches)))
    if (carrier && isBatchDue(carrier, openedAt, now)) await startBatch(id, now)
  let done = 0
  const decided = await transaction((tx) =>
    tx.orderRelease.findMany({
      where: { state: { in: ['sending', 'withholding'] } },
      orderBy: [{ openedAt: 'asc' }, { id: 'asc' }],
      select: { id: true },
    }),
  )
  for (const { id } of decided) {
    for (const carrierId of await findCarriersWaiting(id)) {
      while (!stop.aborted) {
        const sent = await step(id, carrierId, now)
        if (sent === 0) break
        done += sent
      }
    }
    if (stop.aborted) return done
    await close(id, now)
  }
  return done
}

function startBatch(id: string, now: Instant): Promise<void> {
  return transaction(async (tx) => {
    const release = await lockRelease(tx, id)
    if (release?.state !== 'waiting' || (await waitsForSealing(tx, 'block'))) return
    await saveRelease(tx, id, { state: 'sending', decidedAt: now })
    const facts = { carrier: release.carrierId }
    const subject = { kind: 'release', id } as const
    await audit(tx, { actor: { kind: 'system' }, act: 'release.batch_sent', subject, facts, at: now })
  })
}

/** Sends some orders of a decided release to one carrier, and withholds those of the cases left out. */
function step(releaseId: string, carrierId: string, now: Instant): Promise<number> {
  return transaction(async (tx) => {
    await lockCarrier(tx, carrierId)
    const orders = await lockWaitingOrders(tx, releaseId, carrierId, ORDERS_A_TRANSACTION)
    if (orders.length === 0) return 0
    await send(
      tx,
      carrierId,
      orders.filter(({ withheld }) => !withheld),
      now,
    )
    await withhold(
      tx,
      orders.filter(({ withheld }) => withheld),
      now,
    )
    await forgetQueued(tx, orders)
    for (const { id, caseId, withheld } of orders) {
      const subject = { kind: 'order', id } as const
      const facts = { carrier: carrierId, release: releaseId }
      const act = withheld ? 'order.withheld' : 'order.released'
      await audit(tx, { actor: { kind: 'system' }, act, subject, caseId, facts, at: now })
    }
    return orders.length
  })
}

/** Returns some queued orders of a release for a carrier whose book is locked, in order of arrival. */
const lockWaitingOrders = (tx: Tx, releaseId: string, carrierId: string, limit: number) =>
  tx.$queryRaw<WaitingOrder[]>`
    SELECT o.id, o.case_id AS "caseId", o.reason::text, o.legal_basis AS "legalBasis", q.imeis,
      q.expires_at AS "expiresAt", r.state = 'withholding' OR o.case_id = ANY(r.withheld_case_ids) AS withheld
    FROM carrier_orders o JOIN queued_orders q ON q.order_id = o.id JOIN order_releases r ON r.id = o.release_id
    WHERE o.release_id = ${releaseId}::uuid AND o.carrier_id = ${carrierId} AND o.state = 'queued'
    ORDER BY o.queued_at, o.id LIMIT ${limit} FOR UPDATE OF o`

async function send(tx: Tx, carrierId: string, orders: readonly WaitingOrder[], now: Instant): Promise<void> {
  if (orders.length === 0) return
  await saveOrders(tx, orders, { state: 'sent', issuedAt: now, dueAt: carrierDue(now) })
  await enterInBooks(
    tx,
    'block',
    orders.map((order) => ({ ...order, carrierId, issuedAt: now })),
    now,
  )
}

async function withhold(tx: Tx, orders: readonly WaitingOrder[], now: Instant): Promise<void> {
  if (orders.length === 0) return
  await saveOrders(tx, orders, { state: 'cancelled', settledAt: now })
  // The case returns to police, who read the reason.
  for (const caseId of new Set(orders.map((order) => order.caseId)))
    await enqueue(tx, 'case-settle', { caseId }, { priority: settlePriority(now) })
}

function close(id: string, now: Instant): Promise<void> {
  return transaction(async (tx) => {
    const release = await lockRelease(tx, id)
    if (release?.state !== 'sending' && release?.state !== 'withholding') return
    if ((await findCarriersWaiting(id, tx)).length > 0) return
    await saveRelease(tx, id, { state: release.state === 'sending' ? 'sent' : 'withheld', doneAt: now })
  })
}
