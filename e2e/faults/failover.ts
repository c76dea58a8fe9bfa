/**
 * `npm run faults:failover`: kills a primary under load and promotes its replica, once with a synchronous
 * replica and once with an asynchronous one. Then it counts acknowledged writes that are missing. Exits with 1
 * if the synchronous case lost any, or if either case doubled any or had no database for more than a minute.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { ScopedPool } from '#platform/connection-pool.ts'
import { databaseConfig } from '#platform/writable-server.ts'
import { readArguments } from '../../scripts/arguments.ts'
import { startPair } from '../../tests/replica.ts'

readArguments('usage: npm run faults:failover', {})
const WRITERS = 8
const LOAD_MS = 4_000
const AWAY_WITHIN_SECONDS = 60
/** How long the network delays the asynchronous replica before the kill, in milliseconds. */
const BEHIND_MS = 2_000
/** Each row has some 16 kB, so that the network's buffers cannot hold all rows on the way to a delayed replica. */
const WRITE = `INSERT INTO written SELECT $1, string_agg(md5(random()::text), '') FROM generate_series(1, 500)`

interface Outcome {
  readonly acknowledged: number
  readonly refused: number
  readonly lost: number
  readonly doubled: number
  /** Seconds from the kill to the promoted replica's first acknowledged write. */
  readonly awaySeconds: number
  readonly slowestSeconds: number
}

async function failOver(synchronous: boolean): Promise<Outcome> {
  const pair = await startPair({ synchronous, durable: true })
  const pool = new ScopedPool({
    ...databaseConfig(pair.url('postgres', 'postgres')),
    max: WRITERS,
    connectionTimeoutMillis: 5_000,
  })
  pool.on('error', () => {})
  try {
    await pool.query('CREATE TABLE written (id int, what text)')
    const acknowledged: number[] = []
    let [next, refused, killedAt, backAt, slowest, writing] = [0, 0, 0, 0, 0, true]
    const writer = async () => {
      while (writing) {
        const id = next++
        const began = performance.now()
        try {
          await pool.query(WRITE, [id])
          acknowledged.push(id)
          // A write that was in progress at the kill does not prove recovery.
          if (killedAt > 0 && began > killedAt) backAt ||= performance.now()
        } catch {
          refused++
          await sleep(50)
        }
        slowest = Math.max(slowest, performance.now() - began)
      }
    }
    const writers = Array.from({ length: WRITERS }, writer)
    await sleep(LOAD_MS)
    if (!synchronous) pair.replica.hang(true)
    if (!synchronous) await sleep(BEHIND_MS)
    killedAt = performance.now()
    await pair.primary.kill()
    pair.replica.hang(false)
    await sleep(1_000)
    await pair.promote()
    for (let waited = 0; backAt === 0 && waited < AWAY_WITHIN_SECONDS * 1000; waited += 50) await sleep(50)
    await sleep(1_000)
    writing = false
    await Promise.all(writers)
    const { rows } = await pool.query<{ id: number; times: number }>(
      'SELECT id, count(*)::int AS times FROM written GROUP BY id',
    )
    const stored = new Set(rows.map(({ id }) => id))
    return {
      acknowledged: acknowledged.length,
      refused,
      lost: acknowledged.filter((id) => !stored.has(id)).length,
      doubled: rows.filter(({ times }) => times > 1).length,
      awaySeconds: backAt === 0 ? Number.POSITIVE_INFINITY : (backAt - killedAt) / 1000,
      slowestSeconds: slowest / 1000,
    }
  } finally {
    await pool.end()
    await pair.close()
  }
}

const found = { synchronous: await failOver(true), asynchronous: await failOver(false) }
for (const [kind, one] of Object.entries(found))
  console.log(
    `${kind}: ${one.acknowledged} acknowledged, ${one.lost} of them lost, ${one.doubled} doubled, ${one.refused} refused; away ${one.awaySeconds.toFixed(1)} s (1 s of it until somebody promoted), no answer later than ${one.slowestSeconds.toFixed(1)} s`,
  )
const right =
  found.synchronous.lost === 0 &&
  Object.values(found).every(({ doubled, awaySeconds }) => doubled === 0 && awaySeconds < AWAY_WITHIN_SECONDS)
process.exitCode = right ? 0 : 1
process.exit()
