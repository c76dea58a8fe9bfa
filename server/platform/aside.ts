import '#server-only'
import pg from 'pg'
import { env } from './env.ts'
import { asOverload } from './overload.ts'

/**
 * Few, and not the pool of `db`: a request that holds a connection of that pool may wait for one of these, and
 * never the other way round, so that the two cannot starve each other.
 */
const CONNECTIONS = 4

let pool: pg.Pool | null = null

function connections(): pg.Pool {
  if (pool) return pool
  pool = new pg.Pool({
    connectionString: env().DATABASE_URL,
    max: CONNECTIONS,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 10_000,
    lock_timeout: 5_000,
    allowExitOnIdle: true,
  })
  // An idle connection that the server drops is replaced by the next statement.
  pool.on('error', () => {})
  return pool
}

/**
 * Runs one statement by itself, beside whatever transaction the caller is in: it is kept although that one is
 * rolled back. For counters that must not be undone by the refusal they lead to.
 *
 * @param name of the prepared statement; one name, one text
 */
export async function aside<Row extends pg.QueryResultRow>(
  name: string,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  const { rows } = await orOverload(connections().query<Row>({ name, text, values: [...values] }))
  return rows
}

/** Waits for a statement; a connection that is not to be had is a want of room. */
const orOverload = <T>(asked: Promise<T>): Promise<T> =>
  asked.catch((error: unknown) => {
    throw asOverload(error)
  })

/** The same connections for pg-boss, which looks a queue up outside the transaction that a job is added in. */
export const asideExecutor = {
  executeSql: (text: string, values: unknown[] = []) => orOverload(connections().query(text, values)),
}
