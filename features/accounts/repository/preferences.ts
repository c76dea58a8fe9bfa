import '#server-only'
import type { Tx } from '#platform/db.ts'

/** Stores whether a person uses keys; false where it was so already. */
export async function storeKeys(tx: Tx, id: string, on: boolean): Promise<boolean> {
  const { count } = await tx.staffAccount.updateMany({
    where: { id, active: true, keysOn: !on },
    data: { keysOn: on },
  })
  return count === 1
}
