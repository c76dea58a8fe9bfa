import '#server-only'
import { AsyncLocalStorage } from 'node:async_hooks'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import { env } from './env.ts'
import { log } from './log.ts'
import { databaseClient } from './writable-server.ts'

// Why it exists: on a day with very many readers, the public pages must not take the primary from people who report, decide and
// block. Public data is read from a replica (DATABASE_READ_URL), all other data never is (ADR 152).

/** Milliseconds between two checks of the replica, and for its answer. */
const LOOK_EVERY = 5_000
const ANSWER_WITHIN = 2_000
/** Seconds of delay above which each page shows the time of its figures. */
export const SAID_FROM = 60
/** Seconds of delay above which the replica is not used. */
const MOST_BEHIND = 3_600

interface ReplicaState {
  /** Why the replica is not used, for an operator; null while it is used. */
  readonly fault: string | null
  /** Seconds of delay; null if unknown. */
  readonly behind: number | null
}

// One per process: each of Next's bundles contains this module.
const shared = globalThis as {
  /** Marks work that reads from the replica. `asOf`: the time of its data; null while the delay is small. */
  antamReading?: AsyncLocalStorage<{ readonly asOf: Instant | null } | undefined>
  antamReplica?: ReplicaState
  antamLooking?: NodeJS.Timeout
}
shared.antamReading ??= new AsyncLocalStorage()
/** Set while the current work reads from the replica. */
export const replicaReading = shared.antamReading

export const readsFromReplica = (): boolean => replicaReading.getStore() !== undefined

/**
 * The delay: 0 if everything received is applied, otherwise the age of the newest applied commit. A replica without a primary
 * has also applied everything, but knows nothing of later commits, so it must be receiving.
 */
const QUESTION = `SELECT pg_is_in_recovery() AS replica,
  CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() AND EXISTS (SELECT FROM pg_stat_wal_receiver) THEN 0
    ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())::float END AS behind`

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

/** Returns a message's last line, because Prisma's messages begin with lines of code. */
const lastLine = ({ message }: Error): string => message.trim().split('\n').at(-1) ?? ''

/** Logs the state only when it changes. */
function note(state: ReplicaState): void {
  const before = shared.antamReplica
  shared.antamReplica = state
  if (state.fault !== null && before?.fault !== state.fault)
    log().warn({ fault: state.fault }, 'the read replica is not used: pages are read from the primary')
  if (state.fault === null && before?.fault) log().info('the read replica is used again')
}

/**
 * Returns the replica's last known state; null if there is none, or before the first check. The first call starts periodic
 * checks in this process, so that no reader waits for one.
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

/** Returns the time since which the data read here may have changed; null on the primary or with a small delay. */
export const replicaAsOf = (): Instant | null => replicaReading.getStore()?.asOf ?? null

/**
 * Runs reads of public data on the replica if it is usable, otherwise on the primary. If they fail there, they run again on the
 * primary, which is safe for reads. Transactions begun within use the primary (db.ts).
 */
export async function fromReplica<T>(read: () => Promise<T>): Promise<T> {
  const state = replicaState()
  if (state === null || state.fault !== null) return replicaReading.run(undefined, read)
  const behind = state.behind ?? 0
  const asOf = behind > SAID_FROM ? addMilliseconds(new Date(), -behind * 1000) : null
  try {
    return await replicaReading.run({ asOf }, read)
  } catch (error) {
    // Marks it as unusable until the next check: it may be gone, stopping, or without the newest migration.
    note({ fault: `reading from it failed: ${lastLine(error as Error)}`, behind: null })
    return replicaReading.run(undefined, read)
  }
}
