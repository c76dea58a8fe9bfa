import '#server-only'
import { systemScope } from '#lib/access/scope.ts'
import type { Tx } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { listedCase, lockCase } from '../repository/blocking.ts'
import { find } from '../repository.ts'
import type { CaseSnapshot } from '../rules/snapshot.ts'

/** Locks a case until the transaction ends; waits for other transactions that change or lock it. */
export const holdCase = (tx: Tx, id: string): Promise<void> => lockCase(tx, id)

/**
 * Returns the case on whose word carriers were told to block a phone, held until the transaction ends; null where there
 * is none, or it is a secret still.
 */
export const holdCaseThatBlocks = (tx: Tx, key14: string): Promise<CaseSnapshot | null> =>
  inScope(systemScope(), async () => {
    const id = await listedCase(tx, key14)
    if (id === null) return null
    await holdCase(tx, id)
    return find(systemScope(), { id }, tx)
  })
