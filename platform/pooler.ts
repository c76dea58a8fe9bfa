import '#server-only'
import type { ClientBase } from 'pg'

// A connection's scope is a setting of its session (connection-pool.ts). A pooler that shares one session between clients would
// answer one person's query in another's scope: 800 of 1,600 in a trial with PgBouncer. So poolers are refused.

const shared = globalThis as { antamPooler?: boolean }

const WORDS =
  'Between this process and PostgreSQL stands a pooler (PgBouncer or its like), which would let questions of one person be answered in the scope of another. Give PostgreSQL itself in DATABASE_URL, or a proxy that hands connections through as they are (HAProxy); see docs/operations/failover.md, The database.'

export class PoolerBetween extends Error {
  /** Counts as an unavailable database, which is answered with 503. */
  readonly code = '57P03'

  constructor() {
    super(WORDS)
    shared.antamPooler = true
  }
}

/** Returns the fault if a pooler was met since the last direct connection, otherwise null. */
export const poolerFault = (): string | null => (shared.antamPooler ? WORDS : null)

/**
 * Refuses a connection that is not directly to PostgreSQL. PostgreSQL sends each client the id of its server process; a pooler
 * must invent ids, because it switches between server processes.
 *
 * @throws PoolerBetween
 */
export async function refusePooler(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  if (rows[0]?.pid !== (client as { processID?: number }).processID) throw new PoolerBetween()
  shared.antamPooler = false
}

/** Returns {@link PoolerBetween} for a pooler's refusal of our startup parameters, and any other error unchanged. */
export const asPooler = (error: unknown): unknown =>
  error instanceof Error && /unsupported startup parameter/.test(error.message) ? new PoolerBetween() : error
