import '#server-only'
import { randomUUID } from 'node:crypto'
import type { Tx } from '#platform/db.ts'
import { type ExchangeNotice, enqueue } from '#platform/queue.ts'
import { findContactIds, findRelayAccounts } from '../contacts/data.ts'

/** Queues a mail to everybody of the relay, in the transaction of what it tells. */
export async function tellRelay(tx: Tx, notice: ExchangeNotice): Promise<void> {
  for (const toId of await findRelayAccounts(tx))
    await enqueue(tx, 'exchange-notice', { id: randomUUID(), to: 'staff', toId, notice })
}

/** Queues the same mail to a carrier's contacts on duty but for one that it is about, and to the relay. */
export async function tellCarrier(
  tx: Tx,
  notice: ExchangeNotice & { readonly carrierId: string },
  but?: string,
): Promise<void> {
  const contacts = await findContactIds(tx, notice.carrierId)
  for (const toId of contacts.filter((id) => id !== but))
    await enqueue(tx, 'exchange-notice', { id: randomUUID(), to: 'contact', toId, notice })
  await tellRelay(tx, notice)
}
