import '#server-only'
import { randomUUID } from 'node:crypto'
import type { Tx } from '#server/platform/db.ts'
import { type AccountNotice, enqueue } from '#server/platform/queue.ts'

/** Queues a mail to an account's own address about what happened to its sign-in, with the change that it tells of. */
export const tellOwner = (tx: Tx, accountId: string, notice: AccountNotice): Promise<void> =>
  enqueue(tx, 'account-notice', { id: randomUUID(), accountId, notice })
