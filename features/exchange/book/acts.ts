import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import type { Actor } from '#lib/access/actor.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { enqueue } from '#platform/queue.ts'
import { signal } from '#platform/signals.ts'
import { lockAcknowledgement, saveAcknowledgement } from '../carriers/data.ts'
import { type DeliveryWay, wayOf } from '../delivery/rules.ts'
import { raiseCarrierFlag, resolveFlag } from '../flags/acts.ts'
import { goesBack } from '../flags/rules.ts'
import { acknowledgeOrders } from '../orders/data.ts'

/** Offers what has just come into books: wakes the carriers that wait at the interface, and the job that carries it out. */
export async function offer(tx: Tx, ways: ReadonlyMap<string, DeliveryWay>): Promise<void> {
  await signal(tx, 'book', ...ways.keys())
  for (const [carrierId, way] of ways) await carryOut(tx, carrierId, way)
}

/** Wakes the job of a carrier's way, where it has one, for what stands in its book. */
export async function carryOut(tx: Tx, carrierId: string, way: DeliveryWay): Promise<void> {
  const { offer: job } = wayOf(way)
  if (job !== null) await enqueue(tx, job, { carrierId })
}

/**
 * Records that a carrier has received its book up to a sequence, and returns the highest sequence acknowledged so far.
 * An older acknowledgement changes nothing, but flags the carrier, which may have lost a part of its book.
 */
export async function acknowledge(
  carrierId: string,
  upTo: number,
  now: Instant,
): Promise<Result<number, 'beyond_head'>> {
  return transaction((tx) => acknowledgeIn(tx, carrierId, upTo, now))
}

/**
 * Does the same in the caller's transaction; `by` says who acknowledges, such as a person of the relay with a letter's
 * receipt.
 */
export async function acknowledgeIn(
  tx: Tx,
  carrierId: string,
  upTo: number,
  now: Instant,
  by: Actor = { kind: 'carrier', id: carrierId },
): Promise<Result<number, 'beyond_head'>> {
  const known = await lockAcknowledgement(tx, carrierId)
  const { head, acked } = known
  if (upTo > head) return err('beyond_head')
  if (goesBack(upTo, known, now))
    await raiseCarrierFlag(tx, { carrierId, kind: 'ack_back', facts: { upTo, acked }, at: now })
  else if (upTo >= acked) await resolveFlag(tx, carrierId, 'ack_back', now)
  if (upTo <= acked) return ok(acked)
  const orders = await acknowledgeOrders(tx, carrierId, acked, upTo, now)
  await saveAcknowledgement(tx, carrierId, upTo, now)
  await audit(tx, {
    actor: by,
    act: 'carrier.acknowledge',
    subject: { kind: 'carrier', id: carrierId },
    facts: { from: acked, upTo, orders },
    at: now,
  })
  return ok(upTo)
}
