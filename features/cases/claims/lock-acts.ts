import '#server-only'
import { systemScope } from '#lib/access/scope.ts'
import type { Tx } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { find, lockCase } from '../record/data.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { listedCase } from './data.ts'

export { lockCase } from '../record/data.ts'

/**
 * Locks the case for which carriers were told to block a phone until the transaction ends, and returns it; null where
 * there is none, or it is not public yet.
 */
export const lockBlockingCase = (tx: Tx, key14: string): Promise<CaseSnapshot | null> =>
  inScope(systemScope(), async () => {
    const id = await listedCase(tx, key14)
    if (id === null) return null
    await lockCase(tx, id)
    return find(systemScope(), { id }, tx)
  })
