import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { APPLICATION, DATABASE, makeRoles, OWNER } from '../../../scripts/embedded.ts'
import type { Secrets } from '../../../scripts/secrets.ts'
import { type Pair, startPair } from '../../../tests/replica.ts'
import type { SmallDisk } from './small-disk.ts'

/** A primary and a synchronous replica, each on its own disk. */
export interface Databases {
  readonly DATABASE_URL: string
  readonly DATABASE_OWNER_URL: string
  /** Runs a query on the primary without a scope, each time on a new connection. */
  query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]>
  /** Kills the primary (kill -9), and starts it again on the same files. */
  crash(awayMs: number): Promise<void>
  /** Kills the primary (kill -9) and promotes the replica. The killed one returns as the new primary's replica. */
  failOver(awayMs: number): Promise<void>
  /** Fills the primary's disk for a time; null if it is on the machine's own disk. */
  readonly fillDisk: ((fullMs: number) => Promise<void>) | null
  close(): Promise<void>
}

/** The folder and disk of the primary or the replica. */
export interface Half {
  readonly path: string
  /** Null if it is on the machine's own disk. */
  readonly disk: SmallDisk | null
}

/** Attempts to start, because the server's backends may outlive it for a moment and keep its shared memory. */
const START_TRIES = 20

export async function startDatabases(
  halves: readonly Half[],
  passwords: Secrets['database'],
): Promise<Databases> {
  const [one, two] = halves as [Half, Half]
  const pair = await startPair({
    synchronous: true,
    durable: true,
    directories: [one.path, two.path],
    password: passwords.superuser,
    settings: ['max_wal_size=96MB', 'min_wal_size=32MB', 'wal_keep_size=64MB'],
  })
  await makeRoles(pair.primary.url('postgres', passwords.superuser, 'postgres'), passwords)
  // Each promotion swaps primary and replica.
  let [primaryDisk, replicaDisk] = [one.disk, two.disk]
  return {
    DATABASE_URL: pair.url(APPLICATION, DATABASE, passwords.application),
    // Connects directly to the primary, because only the first migration uses it, before any fault.
    DATABASE_OWNER_URL: pair.primary.url(OWNER, passwords.owner, DATABASE),
    async query<Row extends object>(sql: string, values: readonly unknown[] = []) {
      const client = new pg.Client({
        connectionString: pair.primary.url('postgres', passwords.superuser, DATABASE),
        connectionTimeoutMillis: 5_000,
        query_timeout: 20_000,
      })
      client.on('error', () => {})
      try {
        await client.connect()
        return (await client.query<Row>(sql, [...values])).rows
      } finally {
        await client.end().catch(() => {})
      }
    },
    async crash(awayMs) {
      await pair.primary.kill()
      await sleep(awayMs)
      await startAgain(pair)
    },
    async failOver(awayMs) {
      await pair.primary.kill()
      await sleep(awayMs)
      await pair.promote()
      await sleep(1_000)
      await pair.rejoin()
      ;[primaryDisk, replicaDisk] = [replicaDisk, primaryDisk]
    },
    fillDisk:
      primaryDisk &&
      (async (fullMs) => {
        const disk = primaryDisk
        let isDown = false
        void pair.primary.crashed.then(() => {
          isDown = true
        })
        disk?.fill()
        for (let waited = 0; waited < fullMs; waited += 500) {
          await sleep(500)
          // Takes the space that PostgreSQL has freed meanwhile, such as an old WAL file.
          disk?.fill()
        }
        disk?.empty()
        await sleep(500)
        // PostgreSQL ends by design if it cannot write its WAL, and then has to be started again.
        if (isDown) await startAgain(pair)
      }),
    close: () => pair.close(),
  }
}

async function startAgain(pair: Pair): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await pair.revive()
      return
    } catch (error) {
      if (tries === START_TRIES) throw error
      await sleep(500)
    }
  }
}
