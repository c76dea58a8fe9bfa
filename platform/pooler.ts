import '#server-only'
import type { ClientBase } from 'pg'

// A connection's scope is a setting of its session (connection-pool.ts). A pooler that gives one session to many clients
// would answer one person's question in another's scope: 800 of 1,600 in a trial with PgBouncer. So none may stand between.

const shared = globalThis as { antamPooler?: boolean }

const WORDS =
  'Between this process and PostgreSQL stands a pooler (PgBouncer or its like), which would let questions of one person be answered in the scope of another. Give PostgreSQL itself in DATABASE_URL, or a proxy that hands connections through as they are (HAProxy); see docs/operations/failover.md, The database.'

export class PoolerBetween extends Error {
  /** As a database that cannot be had: those who ask are answered 503. */
  readonly code = '57P03'

  constructor() {
    super(WORDS)
    shared.antamPooler = true
  }
}

/** Returns what is wrong where a pooler was met since the last connection that had none between; else null. */
export const poolerFault = (): string | null => (shared.antamPooler ? WORDS : null)

/**
 * Refuses a connection that is not PostgreSQL's own. PostgreSQL tells each client the number of its server process; a pooler
 * has to tell numbers of its own, as it gives its client now one server process and now another.
 *
 * @throws PoolerBetween
 */
export async function refusePooler(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  if (rows[0]?.pid !== (client as { processID?: number }).processID) throw new PoolerBetween()
  shared.antamPooler = false
}

/** Returns a pooler's refusal of what every connection says as it begins as {@link PoolerBetween}, anything else as it is. */
export const asPooler = (error: unknown): unknown =>
  error instanceof Error && /unsupported startup parameter/.test(error.message) ? new PoolerBetween() : error
