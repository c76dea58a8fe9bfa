import '#server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { Prisma, PrismaClient } from '#generated/prisma/client.ts'
import { ScopedPool, TransactionConnection } from './connection-pool.ts'
import { isConflict } from './database-errors.ts'
import { beginDeferring, writeDeferred } from './deferred-writes.ts'
import { env } from './env.ts'
import { asOverload } from './overload.ts'
import { readsFromReplica, replicaReading } from './read-replica.ts'
import { shareOf, sharingProcesses } from './web-processes.ts'
import { databaseConfig } from './writable-server.ts'

// The database as commands and repositories see it (docs/adr/0058): Prisma's client; transactions, which are retried and write
// the deferred rows at their end; and raw SQL, for set logic and for measured hot paths.

export { isLockTimeout, uniqueViolation, wasUndone } from './database-errors.ts'

/** A client inside a transaction. The plain client fits too, for reads outside one. */
export type Tx = Prisma.TransactionClient
export type Json = Prisma.InputJsonValue
export const { sql } = Prisma

const POOL = {
  // Prisma writes times in UTC without a zone, so the server must not apply its own zone.
  options: '-c timezone=UTC',
  connectionTimeoutMillis: 5_000,
  statement_timeout: 15_000,
  lock_timeout: 5_000,
  idle_in_transaction_session_timeout: 15_000,
  // Statements that a transaction sends at once go out together, and run in order.
  pipeline: true,
}
/** Also right after a promotion of the replica: nothing may be written there. */
const READ_ONLY = { options: `${POOL.options} -c default_transaction_read_only=on` }

// The pools live outside this module, because hot reload evaluates it again and a build contains it several times. A second
// copy must not open another pool, nor reuse a statement's name for another statement.
const shared = globalThis as {
  antamDb?: PrismaClient
  antamReplicaDb?: PrismaClient
  antamOutside?: pg.Pool
  antamPools?: Map<PoolName, pg.Pool>
  antamStatements?: Map<string, string>
}
shared.antamStatements ??= new Map()
const names = shared.antamStatements

/**
 * The pools of this process: `main` for the product, `outside` for statements outside transactions, `replica` for reads from
 * the replica.
 */
export type PoolName = 'main' | 'outside' | 'replica'
shared.antamPools ??= new Map()
const opened = shared.antamPools

export const pools = (): ReadonlyMap<PoolName, pg.Pool> => opened

/** Number of statements that each connection keeps parsed; any other is parsed each time. */
const PREPARED = 400

/**
 * Begins a statement that PostgreSQL must plan anew each time, for its actual values. Plans are normally cached, because
 * planning takes longer than most statements. But a generic plan knows neither the size of a district nor the length of a page;
 * for lists of a million cases it costs more than it saves (ADR 119).
 */
export const PLANNED_ANEW = sql`/* planned anew */`

/** Returns the name of a prepared statement; lists of varying lengths must not fill the cache. */
function statementName({ sql }: { readonly sql: string }): string {
  // A statement without a name is parsed and planned at each execution.
  if (sql.startsWith(PLANNED_ANEW.text)) return ''
  const known = names.get(sql)
  if (known !== undefined) return known
  const name = names.size < PREPARED ? `s${names.size}` : ''
  if (name !== '') names.set(sql, name)
  return name
}

/** Returns this process's share of the connections, which all web processes behind one port share. */
const ownShare = () => shareOf(env().DATABASE_CONNECTIONS, sharingProcesses())

/** Makes a client with a pool of its own. The product itself uses `db`. */
export function connect(url: string, name?: PoolName): PrismaClient {
  const own = name === 'replica' ? READ_ONLY : {}
  const pool = new ScopedPool({ ...databaseConfig(url), ...POOL, ...own, max: ownShare().pool })
  if (name) opened.set(name, pool)
  return new PrismaClient({
    adapter: new PrismaPg(pool, { statementNameGenerator: statementName, disposeExternalPool: true }),
  })
}

function clientInForce(): PrismaClient {
  const { DATABASE_URL, DATABASE_READ_URL } = env()
  if (DATABASE_READ_URL !== undefined && readsFromReplica()) {
    shared.antamReplicaDb ??= connect(DATABASE_READ_URL, 'replica')
    return shared.antamReplicaDb
  }
  shared.antamDb ??= connect(DATABASE_URL, 'main')
  return shared.antamDb
}

/** Connects at first use, so that a build, which loads this module, needs no database. */
export const db: PrismaClient = new Proxy({} as PrismaClient, {
  get(_target, property) {
    const client = clientInForce()
    const value = Reflect.get(client, property)
    return typeof value === 'function' ? value.bind(client) : value
  },
})

const TRIES = 6
const connectionOf = new WeakMap<object, TransactionConnection>()

/**
 * Runs `work` in one transaction of the primary, and retries it after a conflict. `work` must have no effects outside the
 * transaction, and reads nothing from the replica.
 */
export const transaction = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
  replicaReading.run(undefined, () => transactionOfPrimary(work))

async function transactionOfPrimary<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await TransactionConnection.run((connection) =>
        db.$transaction(
          async (tx) => {
            connectionOf.set(tx, connection)
            beginDeferring(tx)
            const result = await work(tx)
            await writeDeferred(tx, (query) => rawQuery(tx, query))
            return result
          },
          { maxWait: 10_000, timeout: 15_000 },
        ),
      )
    } catch (error) {
      if (attempt === TRIES || !isConflict(error)) throw error
      // Backs off exponentially with random jitter, so that transactions do not collide again.
      await sleep(2 ** attempt * 10 * Math.random())
    }
  }
}

const asQuery = (query: Prisma.Sql): pg.QueryConfig => ({
  name: statementName({ sql: query.text }),
  text: query.text,
  // With the zone, because the connections use UTC; the driver would write local times of this machine.
  values: query.values.map((value) => (value instanceof Date ? value.toISOString() : value)),
})

/**
 * Returns the rows of a statement. In a transaction it uses that transaction's connection and bypasses Prisma, which takes most
 * of a statement's time (docs/adr/0058); for frequent paths. Values come as the driver reads them: timestamps, JSON, bytes and
 * integers unchanged, a bigint as text. Do not select a date without a time.
 */
export async function rawQuery<Row extends pg.QueryResultRow>(tx: Tx, query: Prisma.Sql): Promise<Row[]> {
  const connection = connectionOf.get(tx)
  return connection ? (await connection.query(asQuery(query))).rows : tx.$queryRaw<Row[]>(query)
}

/**
 * Returns the pool for statements outside the caller's transaction. It is separate from the pool of `db`: a request with a
 * connection of `db` may wait for this pool, but never the other way round, so requests cannot deadlock.
 */
function connectionsOutside(): pg.Pool {
  if (shared.antamOutside) return shared.antamOutside
  const few = {
    max: ownShare().outside,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 10_000,
    allowExitOnIdle: true,
  }
  const pool = new pg.Pool({ ...databaseConfig(env().DATABASE_URL), ...POOL, ...few })
  // The next statement replaces an idle connection that the server dropped.
  pool.on('error', () => {})
  shared.antamOutside = pool
  opened.set('outside', pool)
  return pool
}

const askOutside = (query: pg.QueryConfig): Promise<pg.QueryResult> =>
  connectionsOutside()
    .query(query)
    .catch((error: unknown) => {
      throw asOverload(error)
    })

/**
 * Runs one statement in a transaction of its own, which is kept even if the caller's transaction is rolled back. For counters
 * that must survive the refusal that they cause.
 */
export const queryOutsideTransaction = async <Row extends pg.QueryResultRow>(
  query: Prisma.Sql,
): Promise<Row[]> => (await askOutside(asQuery(query))).rows

/** Runs the queue look-ups of pg-boss the same way, outside the transaction that adds the job. */
export const queueLookups = {
  executeSql: (text: string, values: unknown[] = []) => askOutside({ text, values }),
}
