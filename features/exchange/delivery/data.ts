import '#server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import type { StaffActor } from '#lib/access/actor.ts'
import { type CarrierScope, carrierScope, reachesCarrier } from '#lib/access/scope.ts'
import { addMilliseconds, type Instant, MINUTE } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { lockCarrier } from '../carriers/data.ts'
import { findLettersOfOrders } from '../letters/data.ts'
import type { PushFault } from '../push/rules.ts'
import type { Delivery, DeliveryWay, WayStanding } from './rules.ts'

export async function wayForUpdate(
  tx: Tx,
  carrierId: string,
): Promise<{ readonly way: DeliveryWay; readonly version: number } | null> {
  await lockCarrier(tx, carrierId)
  const row = await tx.carrier.findUnique({
    where: { id: carrierId },
    select: { way: true, wayVersion: true },
  })
  return row && { way: row.way, version: row.wayVersion }
}

/** Resets the failures of pushing. The message under way stays the same. */
export const ANEW = { state: 'live', failures: 0, failingSince: null, nextTryAt: null } as const

/** Returns a carrier's way and the state of its delivery; null outside the scope or for an unknown carrier. */
export async function deliveryOf(scope: CarrierScope, carrierId: string): Promise<Delivery | null> {
  if (!reachesCarrier(scope, carrierId)) return null
  const row = await db.carrier.findUnique({
    where: { id: carrierId },
    select: {
      way: true,
      wayVersion: true,
      webhook: {
        select: {
          url: true,
          state: true,
          failures: true,
          failingSince: true,
          nextTryAt: true,
          lastSuccessAt: true,
          secrets: {
            orderBy: [{ revokedAt: { sort: 'desc', nulls: 'first' } }, { createdAt: 'desc' }],
            take: 10,
            select: { id: true, createdAt: true, revokedAt: true },
          },
          tries: {
            orderBy: [{ at: 'desc' }, { id: 'desc' }],
            take: 12,
            omit: { carrierId: true, messageId: true },
          },
        },
      },
    },
  })
  if (!row) return null
  const tries = row.webhook?.tries.map((one) => ({
    ...one,
    after: Number(one.after),
    upTo: Number(one.upTo),
    fault: one.fault as PushFault | null,
  }))
  return {
    way: row.way,
    version: row.wayVersion,
    webhook: row.webhook && { ...row.webhook, tries: tries ?? [] },
  }
}

export const findPendingWayChange = async (
  scope: CarrierScope,
  carrierId: string,
): Promise<WayStanding | null> => (reachesCarrier(scope, carrierId) ? wayStanding(carrierId) : null)

/** How long the next page waits for the result of a test: most receivers answer within it. */
const WAIT_MS = 6_000
const LOOK_MS = 250

/** Waits, up to `waitMs` and without holding a connection, for the outcome of a test message asked for at `asked`. */
export async function awaitTestOutcome(
  actor: StaffActor,
  carrierId: string,
  messageId: string,
  asked: Instant,
  waitMs = WAIT_MS,
): Promise<'received' | 'failed' | 'under_way'> {
  const scope = carrierScope(actor)
  if (!scope || !reachesCarrier(scope, carrierId)) return 'under_way'
  // A form that is sent twice may have its answer before the second sending.
  const since = addMilliseconds(asked, -MINUTE)
  const until = performance.now() + waitMs
  for (;;) {
    const row = await db.pushTry.findFirst({
      where: { carrierId, messageId, at: { gte: since } },
      orderBy: { at: 'desc' },
      select: { fault: true },
    })
    if (row) return row.fault === null ? 'received' : 'failed'
    if (performance.now() >= until) return 'under_way'
    await sleep(LOOK_MS)
  }
}

/** Counting stops here; the page then says "at least". */
const COUNTED_UP_TO = 1000

export async function wayStanding(carrierId: string): Promise<WayStanding> {
  const [row] = await db.$queryRaw<WayStanding[]>`
    SELECT (c.book_head - c.acked_seq)::int AS pending,
      greatest(0, least(c.book_head, (SELECT max(up_to) FROM carrier_letters WHERE carrier_id = c.id)) - c.acked_seq)::int
        AS lettered,
      (SELECT count(*)::int FROM carrier_letters WHERE carrier_id = c.id AND handed_on IS NULL AND up_to > c.acked_seq)
        AS "notHanded",
      (SELECT count(*)::int FROM (
        SELECT 1 FROM carrier_orders WHERE carrier_id = c.id AND state = 'acknowledged' LIMIT ${COUNTED_UP_TO}
      ) received) AS unanswered,
      (SELECT count(*)::int FROM carrier_keys WHERE carrier_id = c.id AND revoked_at IS NULL) AS keys,
      (SELECT max(last_used_at) FROM carrier_keys WHERE carrier_id = c.id AND revoked_at IS NULL) AS "keyUsedAt"
    FROM carriers c WHERE c.id = ${carrierId}`
  if (!row) throw new Error(`there is no carrier ${carrierId}`)
  return row
}

/**
 * Returns those of a carrier's orders that it received by the interface and not by letter. It may answer them there even if its
 * way has changed since.
 */
export async function receivedByInterface(
  carrierId: string,
  orderIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const received = await db.carrierOrder.findMany({
    where: { id: { in: [...orderIds] }, carrierId, acknowledgedAt: { not: null } },
    select: { id: true },
  })
  const ids = received.map(({ id }) => id)
  const onPaper = new Set(
    (await findLettersOfOrders(ids)).flatMap(({ orderId, letter }) => (letter === null ? [] : [orderId])),
  )
  return new Set(ids.filter((id) => !onPaper.has(id)))
}
