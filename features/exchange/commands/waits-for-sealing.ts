import '#server-only'
import { sealingFails } from '#features/audit/queries.ts'
import type { Tx } from '#platform/db.ts'
import type { OrderAction } from '../rules/order.ts'

/** Tells whether nobody may act on an order now: one to block, while the audit log cannot be sealed. */
export const waitsForSealing = async (tx: Tx, action: OrderAction): Promise<boolean> =>
  action === 'block' && (await sealingFails(tx))
