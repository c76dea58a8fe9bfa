import '#server-only'
import { randomUUID } from 'node:crypto'
import { sealFor } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { type AccountNotice, enqueue } from '#platform/queue.ts'

/** Queues a mail to an account's own address about what happened to its sign-in, with the change that it tells of. */
export const tellOwner = (tx: Tx, accountId: string, notice: AccountNotice): Promise<void> =>
  enqueue(tx, 'account-notice', { id: randomUUID(), accountId, notice })

/** Queues the same to an address that is no longer the account's. The job carries it sealed. */
export function tellAddress(
  tx: Tx,
  accountId: string,
  notice: AccountNotice,
  address: string,
): Promise<void> {
  const sealedTo = Buffer.from(sealFor(addressContext(accountId), Buffer.from(address))).toString('base64')
  return enqueue(tx, 'account-notice', { id: randomUUID(), accountId, notice, sealedTo })
}

export const addressContext = (accountId: string): string => `account-notice:${accountId}`
