import '#server-only'
import { AsyncLocalStorage } from 'node:async_hooks'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import { env } from './env.ts'
import { log } from './log.ts'
import { databaseClient } from './writable-server.ts'

// Why it exists: on a day when everybody reads, pages that are the same for all must not take the primary from those who
// report, decide and block. What is public is read from a replica (DATABASE_READ_URL); all else never is (ADR 152).

/** The milliseconds between two looks at the replica, and those that it has to answer one. */
const LOOK_EVERY = 5_000
const ANSWER_WITHIN = 2_000
/** Behind by more than this many seconds, each page says of when its figures are. */
export const SAID_FROM = 60
/** Behind by more than this, it is not read from. */
const MOST_BEHIND = 3_600

/** How the replica stands. */
interface ReplicaState {
  /** Why it is not read from, in words for an operator; null while it is. */
  readonly fault: string | null
  /** Seconds by which it is behind; null where that is not known. */
  readonly behind: number | null
}

/** Marks work that reads from the replica: what it reads is as of this moment; null while the replica is hardly behind. */
interface Reading {
  readonly asOf: Instant | null
}

// One for the process: each of Next's bundles has this module.
const shared = globalThis as {
  antamReading?: AsyncLocalStorage<Reading | undefined>
  antamReplica?: ReplicaState
  antamLooking?: NodeJS.Timeout
}
shared.antamReading ??= new AsyncLocalStorage()
/** Holds, for the work at hand, that it reads from the replica. */
export const replicaReading = shared.antamReading

/** Tells whether the work at hand reads from the replica. */
export const readsFromReplica = (): boolean => replicaReading.getStore() !== undefined

/**
 * Nothing waits to be applied, or how old the newest applied commit is. A replica that follows no primary at the moment
 * has applied all that it has, and knows nothing of what came after.
 */
const QUESTION = `SELECT pg_is_in_recovery() AS replica,
  CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() AND EXISTS (SELECT FROM pg_stat_wal_receiver) THEN 0
    ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())::float END AS behind`

/** Asks the replica how it stands. Null where there is none. */
export async function lookAtReplica(): Promise<ReplicaState | null> {
  const url = env().DATABASE_READ_URL
  if (url === undefined) return null
  const client = databaseClient(url, {
    connectionTimeoutMillis: ANSWER_WITHIN,
    query_timeout: ANSWER_WITHIN,
    application_name: 'replica',
  })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ replica: boolean; behind: number | null }>(QUESTION)
    const { replica = false, behind = null } = rows[0] ?? {}
    if (!replica) return { fault: 'it was promoted, or never was a replica', behind: null }
    const late = behind === null || behind > MOST_BEHIND
    return { fault: late ? 'it is more than an hour behind' : null, behind }
  } catch (error) {
    return { fault: `it does not answer: ${(error as Error).message}`, behind: null }
  } finally {
    client.connection.stream.destroy()
  }
}

/** Returns why something failed: Prisma's messages begin with lines of code. */
const lastLine = ({ message }: Error): string => message.trim().split('\n').at(-1) ?? ''

/** Says it once, when it changes. */
function note(state: ReplicaState): void {
  const before = shared.antamReplica
  shared.antamReplica = state
  if (state.fault !== null && before?.fault !== state.fault)
    log().warn({ fault: state.fault }, 'the read replica is not used: pages are read from the primary')
  if (state.fault === null && before?.fault) log().info('the read replica is used again')
}

/**
 * Returns how the replica stood a moment ago; null where there is none, or nobody has looked yet. From the first call on
 * this process looks at it again and again, so that no reader waits for a look.
 */
export function replicaState(): ReplicaState | null {
  if (env().DATABASE_READ_URL === undefined) return null
  if (shared.antamLooking === undefined) {
    const look = async () => {
      const state = await lookAtReplica()
      if (state) note(state)
    }
    shared.antamLooking = setInterval(look, LOOK_EVERY).unref()
    void look()
  }
  return shared.antamReplica ?? null
}

/** Returns since when what is read here may have changed; null where it is read from the primary or hardly behind. */
export const replicaAsOf = (): Instant | null => replicaReading.getStore()?.asOf ?? null

/**
 * Runs what reads nothing but what everybody may see, on the replica where it is fit, else on the primary. What fails there
 * is run again on the primary: it only reads. Transactions begun within it are the primary's (db.ts).
 */
export async function fromReplica<T>(read: () => Promise<T>): Promise<T> {
  const state = replicaState()
  if (state === null || state.fault !== null) return replicaReading.run(undefined, read)
  const behind = state.behind ?? 0
  const asOf = behind > SAID_FROM ? addMilliseconds(new Date(), -behind * 1000) : null
  try {
    return await replicaReading.run({ asOf }, read)
  } catch (error) {
    // Until the next look: it may be gone, be stopping, or not have the newest migration yet.
    note({ fault: `reading from it failed: ${lastLine(error as Error)}`, behind: null })
    return replicaReading.run(undefined, read)
  }
}
