import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { APPLICATION, DATABASE, makeRoles, OWNER } from '../../../scripts/embedded.ts'
import type { Secrets } from '../../../scripts/secrets.ts'
import { type Pair, startPair } from '../../../tests/replica.ts'
import type { SmallDisk } from './small-disk.ts'

/** A primary and a replica that every commit waits for, each on a disk of its own. */
export interface Databases {
  readonly DATABASE_URL: string
  readonly DATABASE_OWNER_URL: string
  /** Runs a query on the primary without a scope, on a connection of its own each time. */
  query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]>
  /** kill -9 of the primary, and its start over the same files. */
  crash(awayMs: number): Promise<void>
  /** Kills the primary (kill -9) and promotes the replica; the killed one comes back as the other's replica. */
  failOver(awayMs: number): Promise<void>
  /** The primary's disk is full for a time; null where it is the machine's own. */
  readonly fillDisk: ((fullMs: number) => Promise<void>) | null
  close(): Promise<void>
}

/** Names the place of one of the two. */
export interface Half {
  readonly path: string
  /** Null where its disk is the machine's own. */
  readonly disk: SmallDisk | null
}

/** Attempts, because its backends may live a moment longer than their server, and hold its memory. */
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
  // Which of the two is the primary changes with each promotion.
  let [primaryDisk, replicaDisk] = [one.disk, two.disk]
  return {
    DATABASE_URL: pair.url(APPLICATION, DATABASE, passwords.application),
    // Only for the first migration, before anything fails: it connects directly to the primary.
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
          // Space that it has freed meanwhile, such as an old part of its log.
          disk?.fill()
        }
        disk?.empty()
        await sleep(500)
        // It ends, as intended, where its log finds no space, and has to be started again.
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
