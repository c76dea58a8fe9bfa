import '#server-only'
import { cache } from 'react'
import type { StaffActor } from '#lib/access/actor.ts'
import { type CaseScope, type IdentityScope, staffScope } from '#lib/access/scope.ts'
import { scopeInForce } from './connection-pool.ts'
import { sql, type Tx } from './db.ts'

// The database's enforcement of scopes (ADR 21): PostgreSQL shows rows of cases, persons and evidence only in the scope that
// the connection has declared. If a check is forgotten, the query finds no rows.

/** Returns the value of `antam.scope` for the policies (prisma/migrations/0_init). */
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

/** Runs `work` with all its queries and transactions inside `scope`. Outside of any scope, no case is visible. */
export const inScope = <T>(scope: CaseScope | IdentityScope, work: () => PromiseLike<T>): Promise<T> =>
  // Awaited inside, because Prisma sends a query only when it is awaited.
  scopeInForce.run(declarationOf(scope), async () => await work())

/** Extends a transaction's scope to `scope` until its end, for an act on another unit's case. */
export async function widenScope(tx: Tx, scope: CaseScope): Promise<void> {
  await tx.$queryRaw(sql(["SELECT set_config('antam.scope', ", ', true)'], declarationOf(scope)))
}

/**
 * Makes a reader query the database once per key while a page renders, however many parts of it ask: React caches the answer
 * for that page. In an act, job or handler each call queries. Scopes do not share answers.
 */
export function oncePerPage<T>(read: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const once = cache((_scope: string | undefined, key: string) => read(key))
  return (key) => once(scopeInForce.getStore(), key)
}

/** Runs `work` inside the scope of a signed-in person; outside of any where their role reads no case. */
export const inOwnScope = <T>(work: () => Promise<T>, actor: StaffActor): Promise<T> => {
  const scope = staffScope(actor)
  return scope ? inScope(scope, work) : work()
}
