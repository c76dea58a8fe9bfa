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
}

// The pools outlive this module: hot reload evaluates it again, and a build has it several times. Neither may make a pool
// anew, nor give another statement a name that its connections know already.
const shared = globalThis as {
  antamDb?: PrismaClient
  antamOutside?: pg.Pool
  antamPools?: Map<PoolName, pg.Pool>
  antamStatements?: Map<string, string>
}
shared.antamStatements ??= new Map()
const names = shared.antamStatements

/** The process's pools: `main` is the product's, `outside` what runs outside of transactions. */
export type PoolName = 'main' | 'outside'
shared.antamPools ??= new Map()
const opened = shared.antamPools

/** Returns the pools that this process has opened so far, to be watched. */
export const pools = (): ReadonlyMap<PoolName, pg.Pool> => opened

/** So many statements are kept parsed on each connection; what comes after them is parsed each time. */
const PREPARED = 400

/** Returns the name under which PostgreSQL keeps a statement parsed; statements of many lengths (lists) must not fill it. */
function statementName({ sql }: { readonly sql: string }): string {
  const known = names.get(sql)
  if (known !== undefined) return known
  const name = names.size < PREPARED ? `s${names.size}` : ''
  if (name !== '') names.set(sql, name)
  return name
}

/** Returns what this process may have of the connections: of a web server all that stand behind its port share them. */
const ownShare = () => shareOf(env().DATABASE_CONNECTIONS, sharingProcesses())

/** Makes a client of one's own; the product's is `db`. */
export function connect(url: string, name?: PoolName): PrismaClient {
  const pool = new ScopedPool({ ...databaseConfig(url), ...POOL, max: ownShare().pool })
  if (name) opened.set(name, pool)
  return new PrismaClient({
    adapter: new PrismaPg(pool, { statementNameGenerator: statementName, disposeExternalPool: true }),
  })
}

/** Connects when it is first used, so that a build, which loads this module, needs no database. */
export const db: PrismaClient = new Proxy({} as PrismaClient, {
  get(_target, property) {
    shared.antamDb ??= connect(env().DATABASE_URL, 'main')
    const value = Reflect.get(shared.antamDb, property)
    return typeof value === 'function' ? value.bind(shared.antamDb) : value
  },
})

const TRIES = 6
const connectionOf = new WeakMap<object, TransactionConnection>()

/** Runs `work` in one transaction, again when the database asks for it. `work` must do nothing outside it. */
export async function transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
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
      // Doubling and at random, so that those who met do not meet again.
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
 * Returns the rows of a statement. In a transaction it goes over the transaction's own connection and past Prisma, whose
 * making and reading of a statement is most of what it costs (docs/adr/0058): for those that many people wait for. Rows are as
 * the driver reads them: a bigint as text, and no date without a time; times, JSON, bytes and whole numbers as they are.
 */
export async function rawQuery<Row extends pg.QueryResultRow>(tx: Tx, query: Prisma.Sql): Promise<Row[]> {
  const connection = connectionOf.get(tx)
  return connection ? (await connection.query(asQuery(query))).rows : tx.$queryRaw<Row[]>(query)
}

/**
 * Returns the pool for statements beside a transaction. It is small, and not that of `db`: a request that holds
 * a connection of that pool may wait for one of these, and never the other way round, so that the two cannot
 * starve each other.
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

/** The same for pg-boss, which looks a queue up outside the transaction that a job is added in. */
export const queueLookups = {
  executeSql: (text: string, values: unknown[] = []) => askOutside({ text, values }),
}
