import '#server-only'
import { cache } from 'react'
import type { CaseScope, IdentityScope } from '#lib/access/scope.ts'
import { scopeInForce } from './connection-pool.ts'
import { sql, type Tx } from './db.ts'

// The wall behind the scopes (ADR 21): PostgreSQL shows rows of cases, persons and evidence only inside the scope that
// their connection has declared. A check that is forgotten finds nothing, as if there were no such rows.

/** Returns what `antam.scope` says to the policies (prisma/migrations/0_init). */
function declarationOf(scope: CaseScope | IdentityScope): string {
  switch (scope.kind) {
    case 'one':
      return `case:${scope.caseId}`
    case 'unit':
      return `unit:${[...scope.unitIds, ...(scope.lent ?? []).map((id) => `lent:${id}`)].join(',')}`
    case 'identity':
      return `identity:${scope.identityId}`
    case 'city':
    case 'system':
      return scope.kind
  }
}

/**
 * Runs `work` inside `scope`: everything that it asks the database for, transactions that it begins included, is
 * answered inside that scope. Outside of any, nobody sees a case.
 */
export const inScope = <T>(scope: CaseScope | IdentityScope, work: () => PromiseLike<T>): Promise<T> =>
  // Awaited inside: a query of Prisma's is only sent when somebody waits for it.
  scopeInForce.run(declarationOf(scope), async () => await work())

/** Lets a transaction reach as far as `scope` to its end, for an act that touches another unit's case. */
export async function widenScope(tx: Tx, scope: CaseScope): Promise<void> {
  await tx.$queryRaw(sql(["SELECT set_config('antam.scope', ", ', true)'], declarationOf(scope)))
}

/**
 * Makes a reader ask the database once for each key while a page is drawn, however many of its parts ask: React keeps the
 * answer for that page. An act, a job or a handler asks each time. What one scope was answered is not another's.
 */
export function oncePerPage<T>(read: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const once = cache((_scope: string | undefined, key: string) => read(key))
  return (key) => once(scopeInForce.getStore(), key)
}
