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

/**
 * Queues the same mail to a carrier's contacts on duty and to the relay.
 *
 * @param about the contact that it is about: told nothing where it is new, and at the address as it was elsewhere
 */
export async function tellCarrier(
  tx: Tx,
  notice: ExchangeNotice & { readonly carrierId: string },
  about?: { readonly id: string; readonly was: Uint8Array | null },
): Promise<void> {
  const contacts = await findContactIds(tx, notice.carrierId)
  for (const toId of contacts.filter((id) => id !== about?.id))
    await enqueue(tx, 'exchange-notice', { id: randomUUID(), to: 'contact', toId, notice })
  if (about?.was) {
    const was = Buffer.from(about.was).toString('base64')
    await enqueue(tx, 'exchange-notice', { id: randomUUID(), to: 'contact', toId: about.id, was, notice })
  }
  await tellRelay(tx, notice)
}
