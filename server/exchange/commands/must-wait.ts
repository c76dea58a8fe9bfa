import '#server-only'
import type { OrderAction } from '#domain/exchange/order.ts'
import { sealingFails } from '#server/audit/loaders.ts'
import type { Tx } from '#server/platform/db.ts'

/** Tells whether nobody may act on an order now: one to block, while the audit log cannot be sealed. */
export const mustWait = async (tx: Tx, action: OrderAction): Promise<boolean> =>
  action === 'block' && (await sealingFails(tx))
