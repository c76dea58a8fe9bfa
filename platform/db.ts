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

// What commands and repositories see of the database (docs/adr/0058): Prisma's client; transactions, which are tried again
// and write what was deferred as they end; and raw SQL, for set logic and where a measured hot path needs it.

export { isLockTimeout, uniqueViolation, wasUndone } from './database-errors.ts'

/** A client inside a transaction; the plain client is one too, for reads that need none. */
export type Tx = Prisma.TransactionClient
export const { sql } = Prisma

const POOL = {
  // Prisma writes times without their zone, in UTC: the server's own zone must not be put on them.
  options: '-c timezone=UTC',
  connectionTimeoutMillis: 5_000,
  statement_timeout: 15_000,
  lock_timeout: 5_000,
  idle_in_transaction_session_timeout: 15_000,
  // Statements that a transaction asks for at once go out together, and run in their order.
  pipeline: true,
}
/** Also where the replica was promoted a moment ago: nothing is written there. */
const READ_ONLY = { options: `${POOL.options} -c default_transaction_read_only=on` }

// The pools are kept outside this module: hot reload evaluates it again, and a build contains it several times. A
// second copy must not open another pool, nor give a statement a name that its connections use for another one.
const shared = globalThis as {
  antamDb?: PrismaClient
  antamReplicaDb?: PrismaClient
  antamOutside?: pg.Pool
  antamPools?: Map<PoolName, pg.Pool>
  antamStatements?: Map<string, string>
}
shared.antamStatements ??= new Map()
const names = shared.antamStatements

/** The process's pools: `main` is the product's, `outside` what runs outside of transactions, `replica` what only reads. */
export type PoolName = 'main' | 'outside' | 'replica'
shared.antamPools ??= new Map()
const opened = shared.antamPools

/** Returns the pools that this process has opened so far, to be watched. */
export const pools = (): ReadonlyMap<PoolName, pg.Pool> => opened

/** This many statements are kept parsed on each connection; any further one is parsed each time. */
const PREPARED = 400

/**
 * Begins a statement that PostgreSQL is to plan for its values, each time. To plan takes longer than to run most statements,
 * so that a plan is kept; but one for all values knows neither how large a district is nor how long a page, and where lists of
 * a million cases are read it costs more than it saves (ADR 119).
 */
export const PLANNED_ANEW = sql`/* planned anew */`

/** Returns the name under which PostgreSQL keeps a statement parsed; statements of many lengths (lists) must not fill it. */
function statementName({ sql }: { readonly sql: string }): string {
  // One without a name is parsed and planned where it is run.
  if (sql.startsWith(PLANNED_ANEW.text)) return ''
  const known = names.get(sql)
  if (known !== undefined) return known
  const name = names.size < PREPARED ? `s${names.size}` : ''
  if (name !== '') names.set(sql, name)
  return name
}

/** Returns this process's share of the connections: all web processes behind one port share them. */
const ownShare = () => shareOf(env().DATABASE_CONNECTIONS, sharingProcesses())

/** Makes a client with a pool of its own. Code of the product uses `db`. */
export function connect(url: string, name?: PoolName): PrismaClient {
  const own = name === 'replica' ? READ_ONLY : {}
  const pool = new ScopedPool({ ...databaseConfig(url), ...POOL, ...own, max: ownShare().pool })
  if (name) opened.set(name, pool)
  return new PrismaClient({
    adapter: new PrismaPg(pool, { statementNameGenerator: statementName, disposeExternalPool: true }),
  })
}

/** Returns the client of the primary, or of the replica for work that reads from there. */
function clientInForce(): PrismaClient {
  const { DATABASE_URL, DATABASE_READ_URL } = env()
  if (DATABASE_READ_URL !== undefined && readsFromReplica()) {
    shared.antamReplicaDb ??= connect(DATABASE_READ_URL, 'replica')
    return shared.antamReplicaDb
  }
  shared.antamDb ??= connect(DATABASE_URL, 'main')
  return shared.antamDb
}

/** Connects when it is first used, so that a build, which loads this module, needs no database. */
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
 * Runs `work` in one transaction of the primary, again when the database asks for it. `work` must do nothing outside it, and
 * reads nothing from the replica.
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
      // Backs off exponentially and at random, so that transactions which collided do not collide again.
      await sleep(2 ** attempt * 10 * Math.random())
    }
  }
}

/** Returns what pg is asked for a statement of Prisma's, under its name on the connection. */
const asQuery = (query: Prisma.Sql): pg.QueryConfig => ({
  name: statementName({ sql: query.text }),
  text: query.text,
  // With the zone, as each connection is in UTC: the driver would write them in this machine's.
  values: query.values.map((value) => (value instanceof Date ? value.toISOString() : value)),
})

/**
 * Returns the rows of a statement. In a transaction it uses that transaction's connection and goes past Prisma, which
 * takes most of a statement's time (docs/adr/0058): for paths that many people wait for. Values come as the driver
 * reads them: timestamps, JSON, bytes and integers as they are, a bigint as text. Do not select a date without a time.
 */
export async function rawQuery<Row extends pg.QueryResultRow>(tx: Tx, query: Prisma.Sql): Promise<Row[]> {
  const connection = connectionOf.get(tx)
  return connection ? (await connection.query(asQuery(query))).rows : tx.$queryRaw<Row[]>(query)
}

/**
 * Returns the pool for statements outside the caller's transaction. It is apart from the pool of `db`: a request that
 * holds a connection of `db` may wait for one of these, never the other way round, so that requests cannot deadlock.
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
  // An idle connection that the server drops is replaced by the next statement.
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
 * Returns the rows of one statement that is a transaction of its own, beside the caller's transaction: it is kept although
 * that one is rolled back. For counters that must not be undone by the refusal they lead to.
 */
export const queryOutsideTransaction = async <Row extends pg.QueryResultRow>(
  query: Prisma.Sql,
): Promise<Row[]> => (await askOutside(asQuery(query))).rows

/** Runs the look-ups of pg-boss in the same way: it looks up a queue outside the transaction that adds the job. */
export const queueLookups = {
  executeSql: (text: string, values: unknown[] = []) => askOutside({ text, values }),
}
