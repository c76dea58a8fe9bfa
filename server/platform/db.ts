import '#server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { PrismaPg } from '@prisma/adapter-pg'
import { Prisma, PrismaClient } from '#generated/prisma/client.ts'
import { env } from './env.ts'

/** A client inside a transaction; the plain client is one too, for reads that need none. */
export type Tx = Prisma.TransactionClient

const POOL = {
  max: 10,
  connectionTimeoutMillis: 5_000,
  statement_timeout: 15_000,
  lock_timeout: 5_000,
  idle_in_transaction_session_timeout: 15_000,
}

const connect = (): PrismaClient =>
  new PrismaClient({ adapter: new PrismaPg({ connectionString: env().DATABASE_URL, ...POOL }) })

// Hot reload evaluates modules again; the pool must not be made again with them. The client connects when it is
// first used, so that a build, which loads this module, needs no database.
const shared = globalThis as { antamDb?: PrismaClient }

export const db: PrismaClient = new Proxy({} as PrismaClient, {
  get(_target, property) {
    shared.antamDb ??= connect()
    const value = Reflect.get(shared.antamDb, property)
    return typeof value === 'function' ? value.bind(shared.antamDb) : value
  },
})

const TRIES = 4
/** Write conflict or deadlock: the database undid the transaction and asks for another try. */
const isConflict = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2034'

/** Runs `work` in one transaction, again when the database asks for it. `work` must do nothing outside it. */
export async function transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.$transaction(work, { maxWait: 10_000, timeout: 15_000 })
    } catch (error) {
      if (attempt === TRIES || !isConflict(error)) throw error
      await sleep(attempt * 20 * Math.random())
    }
  }
}

/** The constraint or fields that an insert or update ran into, or null when it was something else. */
export function uniqueViolation(error: unknown): string | null {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== 'P2002') return null
  return JSON.stringify(error.meta ?? {})
}
