import '#server-only'
import { AsyncLocalStorage } from 'node:async_hooks'
import pg from 'pg'
import type { CaseScope, IdentityScope } from '#domain/access/scope.ts'
import { sql } from './additions.ts'
import type { Tx } from './db.ts'

// The wall behind the scopes (ADR 21): PostgreSQL shows rows of cases, persons and evidence only inside the scope that
// their connection has declared. A check that is forgotten finds nothing, as if there were no such rows.

// One for all copies of this module: the pool lives longer than one of them.
const shared = globalThis as { antamScope?: AsyncLocalStorage<string> }
shared.antamScope ??= new AsyncLocalStorage()
const inForce = shared.antamScope

const NONE = ''

/** What `antam.scope` says to the policies (prisma/migrations/…_row_level_security). */
function declarationOf(scope: CaseScope | IdentityScope): string {
  switch (scope.kind) {
    case 'one':
      return `case:${scope.caseId}`
    case 'area':
      return `area:${scope.areaId}`
    case 'identity':
      return `identity:${scope.identityId}`
    case 'city':
    case 'system':
      return scope.kind
  }
}

/**
 * Everything that `work` asks the database for, transactions that it begins included, is answered inside `scope`.
 * Outside of any, nobody sees a case.
 */
export const inScope = <T>(scope: CaseScope | IdentityScope, work: () => PromiseLike<T>): Promise<T> =>
  // Awaited inside: a query of Prisma's is only sent when somebody waits for it.
  inForce.run(declarationOf(scope), async () => await work())

/** From here to its end a transaction reaches as far as `scope`: for an act that touches another district's case. */
export async function widen(tx: Tx, scope: CaseScope): Promise<void> {
  await tx.$queryRaw(sql(["SELECT set_config('antam.scope', ", ', true)'], declarationOf(scope)))
}

/** What each connection has declared last. */
const declared = new WeakMap<pg.PoolClient, string>()

type Taken = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (err?: Error | boolean) => void,
) => void

/** Connections that declare the scope in force before they are handed out, where it is another than their last. */
export class ScopedPool extends pg.Pool {
  constructor(config: pg.PoolConfig) {
    super(config)
    // Between the pool and whoever takes it nobody listens to a connection, and one that ends just then would take the
    // process with it. Whoever has it finds out with the next statement.
    this.on('connect', (client) => client.on('error', () => {}))
  }

  override connect(): Promise<pg.PoolClient>
  override connect(taken: Taken): void
  override connect(taken?: Taken): Promise<pg.PoolClient> | undefined {
    // Read now: a connection is handed out in the course of whoever gave it back.
    const wanted = inForce.getStore() ?? NONE
    const client = super.connect().then((free) => declare(free, wanted))
    if (!taken) return client
    void client.then(
      (ready) => taken(undefined, ready, ready.release),
      (error: Error) => taken(error, undefined, () => {}),
    )
  }
}

async function declare(client: pg.PoolClient, wanted: string): Promise<pg.PoolClient> {
  if ((declared.get(client) ?? NONE) === wanted) return client
  try {
    await client.query({
      name: 'scope',
      text: "SELECT set_config('antam.scope', $1, false)",
      values: [wanted],
    })
    declared.set(client, wanted)
    return client
  } catch (error) {
    // Nobody knows what it says now: it serves nobody any more.
    client.release(true)
    throw error
  }
}
