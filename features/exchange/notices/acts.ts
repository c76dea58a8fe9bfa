import '#server-only'
import { randomUUID } from 'node:crypto'
import type { Tx } from '#platform/db.ts'
import { type ExchangeNotice, enqueue } from '#platform/queue.ts'

/** Queues a mail to everybody at the relay, in the transaction of the event. */
export async function tellRelay(tx: Tx, notice: ExchangeNotice): Promise<void> {
  const people = await tx.staffAccount.findMany({
    where: { role: 'relay', active: true },
    orderBy: { id: 'asc' },
    select: { id: true },
  })
  for (const { id: toId } of people)
    await enqueue(tx, 'exchange-notice', { id: randomUUID(), to: 'staff', toId, notice })
}

/**
 * Queues the same mail to a carrier's contacts on duty and to the relay.
 *
 * @param about the changed contact: not told if it is new, otherwise told at its former address
 */
export async function tellCarrier(
  tx: Tx,
  notice: ExchangeNotice & { readonly carrierId: string },
  about?: { readonly id: string; readonly was: Uint8Array | null },
): Promise<void> {
  const contacts = await tx.carrierContact.findMany({
    where: { carrierId: notice.carrierId, ...(about && { id: { not: about.id } }) },
    orderBy: [{ addedAt: 'asc' }, { id: 'asc' }],
    select: { id: true },
  })
  for (const { id: toId } of contacts)
    await enqueue(tx, 'exchange-notice', { id: randomUUID(), to: 'contact', toId, notice })
  if (about?.was) {
    const was = Buffer.from(about.was).toString('base64')
    await enqueue(tx, 'exchange-notice', { id: randomUUID(), to: 'contact', toId: about.id, was, notice })
  }
  await tellRelay(tx, notice)
}
