import '#server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { PrismaPg } from '@prisma/adapter-pg'
import type pg from 'pg'
import { Prisma, PrismaClient } from '#generated/prisma/client.ts'
import { gatherAdditions, writeAdditions } from './additions.ts'
import { env } from './env.ts'
import { Holder, ScopedPool } from './scoped-pool.ts'

/** A client inside a transaction; the plain client is one too, for reads that need none. */
export type Tx = Prisma.TransactionClient

const POOL = {
  // Prisma writes times without their zone, in UTC: the server's own zone must not be put on them.
  options: '-c timezone=UTC',
  max: 10,
  connectionTimeoutMillis: 5_000,
  statement_timeout: 15_000,
  lock_timeout: 5_000,
  idle_in_transaction_session_timeout: 15_000,
}

/** So many statements are kept parsed on each connection; what comes after them is parsed each time. */
const PREPARED = 400

// The pool outlives this module: hot reload evaluates it again, and a build has it several times. Neither may make the
// pool anew, nor give another statement a name that its connections know already. The client connects when it is first
// used, so that a build, which loads this module, needs no database.
const shared = globalThis as { antamDb?: PrismaClient; antamStatements?: Map<string, string> }
shared.antamStatements ??= new Map()
const names = shared.antamStatements

/** A name under which PostgreSQL keeps a statement parsed. Statements of many lengths (lists) must not fill it. */
function statementName({ sql }: { readonly sql: string }): string {
  const known = names.get(sql)
  if (known !== undefined) return known
  const name = names.size < PREPARED ? `s${names.size}` : ''
  if (name !== '') names.set(sql, name)
  return name
}

/** A client of one's own; the product's is `db`. */
export const connect = (url: string): PrismaClient =>
  new PrismaClient({
    adapter: new PrismaPg(new ScopedPool({ connectionString: url, ...POOL }), {
      statementNameGenerator: statementName,
      disposeExternalPool: true,
    }),
  })

export const db: PrismaClient = new Proxy({} as PrismaClient, {
  get(_target, property) {
    shared.antamDb ??= connect(env().DATABASE_URL)
    const value = Reflect.get(shared.antamDb, property)
    return typeof value === 'function' ? value.bind(shared.antamDb) : value
  },
})

const TRIES = 6
const SERIALIZATION_FAILURE = '40001'
const DEADLOCK = '40P01'
const UNIQUE_VIOLATION = '23505'
const LOCK_TIMEOUT = '55P03'

/** What PostgreSQL refused: its code, and the unique index (or else the fields) that a write ran into. */
interface DatabaseFault {
  readonly code?: string | undefined
  readonly constraint?: string | undefined
}

interface AdapterCause {
  readonly originalCode?: string
  readonly constraint?: { readonly index?: string; readonly fields?: readonly string[] }
}

/** Prisma's models have codes of their own for what PostgreSQL says. */
const MEANT: Readonly<Record<string, string>> = { P2034: SERIALIZATION_FAILURE, P2002: UNIQUE_VIOLATION }

function faultOf(error: unknown): DatabaseFault {
  if (error instanceof Prisma.PrismaClientKnownRequestError) {
    const meta = error.meta as { driverAdapterError?: { cause?: AdapterCause } } | undefined
    const { originalCode, constraint } = meta?.driverAdapterError?.cause ?? {}
    return {
      code: MEANT[error.code] ?? originalCode,
      constraint: constraint?.index ?? constraint?.fields?.join(','),
    }
  }
  // The additions do not go through Prisma: their errors are PostgreSQL's own.
  return error instanceof Error && 'severity' in error ? (error as DatabaseFault) : {}
}

/** Write conflict or deadlock: the database undid the transaction and asks for another try. */
function isConflict(error: unknown): boolean {
  const { code } = faultOf(error)
  return code === SERIALIZATION_FAILURE || code === DEADLOCK
}

type Straight = (query: Prisma.Sql) => Promise<pg.QueryResult>

/** A statement past Prisma, on a transaction's own connection: what Prisma does for each is most of what it costs. */
const straight =
  (holder: Holder): Straight =>
  (query) =>
    holder.query({
      name: statementName({ sql: query.text }),
      text: query.text,
      // With the zone, as each connection is in UTC: the driver would write them in this machine's.
      values: query.values.map((value) => (value instanceof Date ? value.toISOString() : value)),
    })

const straightOf = new WeakMap<object, Straight>()

/**
 * The rows of a statement; in a transaction past Prisma, for those that many people wait for. They are as the driver reads
 * them: points in time, JSON, text, bytes and whole numbers as they are, but a bigint as text; no date without a time.
 */
export async function rowsOf<Row extends pg.QueryResultRow>(tx: Tx, query: Prisma.Sql): Promise<Row[]> {
  const ask = straightOf.get(tx)
  return ask ? (await ask(query)).rows : tx.$queryRaw<Row[]>(query)
}

/** Runs `work` in one transaction, again when the database asks for it. `work` must do nothing outside it. */
export async function transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await Holder.run((holder) =>
        db.$transaction(
          async (tx) => {
            const ask = straight(holder)
            straightOf.set(tx, ask)
            gatherAdditions(tx)
            const result = await work(tx)
            await writeAdditions(tx, ask)
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

/** The unique index (or else the fields) that a write ran into, or null when the error is something else. */
export function uniqueViolation(error: unknown): string | null {
  const { code, constraint } = faultOf(error)
  return code === UNIQUE_VIOLATION ? (constraint ?? 'unknown') : null
}

/** Tells whether a statement gave up waiting for a lock. */
export const isLockTimeout = (error: unknown): boolean => faultOf(error).code === LOCK_TIMEOUT
