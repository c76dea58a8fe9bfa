import '#server-only'
import { sealingFails } from '#features/audit/queries.ts'
import type { Tx } from '#platform/db.ts'
import type { OrderAction } from '../rules/order.ts'

/** Tells whether an order must wait: an order to block does, while the audit log cannot be sealed. */
export const waitsForSealing = async (tx: Tx, action: OrderAction): Promise<boolean> =>
  action === 'block' && (await sealingFails(tx))
