import '#server-only'
import type { Tx } from '#platform/db.ts'
import { enqueue } from '#platform/queue.ts'
import { signal } from '#platform/signals.ts'
import { type DeliveryWay, wayOf } from '../delivery/rules.ts'

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
