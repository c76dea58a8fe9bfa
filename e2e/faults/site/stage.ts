import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { startEmbedded } from '../../../scripts/embedded.ts'
import { migrate } from '../../../scripts/migrate.ts'
import { type Postgres, startPostgres } from '../../../scripts/postgres.ts'
import { secrets } from '../../../scripts/secrets.ts'
import { freePort } from '../../product.ts'
import { clocksCanBeWrong, Kept } from '../exchange/kept.ts'
import type { Draw } from '../exchange/seeded.ts'
import { keysOf } from '../exchange/stage.ts'
import { type Balancer, balance } from './balancer.ts'

/** A whole site on one machine: two web servers behind a proxy, two workers, the carriers, and the database. */
export interface Stage {
  readonly dataDir: string
  readonly webs: readonly Kept[]
  readonly workers: readonly Kept[]
  readonly carriers: Kept
  readonly balancer: Balancer
  readonly carrierKeys: ReadonlyMap<string, string>
  readonly wrongClocks: number
  /** Asks the database as one who sees everything, on a connection of its own each time. */
  query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]>
  /** kill -9 of the database server, and its start over the same files. */
  crashDatabase(awayMs: number): Promise<void>
  setClocksRight(): void
  close(): Promise<void>
}

const WRONG = ['', '', '+3h', '-3h']

/** Sets the variables that the product's modules read: what asks the database is loaded only afterwards. */
export async function setStage(draw: Draw): Promise<Stage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'antam-site-'))
  mkdirSync(dataDir, { recursive: true, mode: 0o711 })
  const { database, ...keys } = secrets(dataDir)
  const { server: first, DATABASE_URL, DATABASE_OWNER_URL } = await startEmbedded(dataDir, database)
  let server: Postgres = first
  const ports = [await freePort(), await freePort()]
  const balancer = await balance(ports)
  Object.assign(process.env, {
    ...keys,
    DATABASE_URL,
    DATA_DIR: dataDir,
    PUBLIC_URL: balancer.url,
    TRUSTED_PROXIES: '1',
    LIMIT_SCALE: '100000',
    WEB_PROCESSES: '1',
    // What faults do to a process is no news here; how it ends is looked at.
    LOG_LEVEL: 'silent',
    E2E_URL: balancer.url,
    E2E_DATA_DIR: dataDir,
  })
  await migrate(DATABASE_OWNER_URL, DATABASE_URL)
  const { db } = await import('#platform/db.ts')
  const { seedDemo } = await import('../../../prisma/seed/demo.ts')
  await seedDemo(db, dataDir)
  await db.$disconnect()
  const carrierKeys = keysOf(dataDir)

  let right = !clocksCanBeWrong
  let wrongClocks = 0
  const clock = () => {
    const drawn = right ? '' : draw.oneOf(WRONG)
    if (drawn !== '') wrongClocks++
    return drawn
  }
  // People's codes last ten minutes: what two web servers six hours apart make of them is no fault of the product's.
  const webs = ports.map(
    (port, at) =>
      new Kept(`web ${at + 1}`, 'scripts/web.ts', [], { ...process.env, PORT: String(port) }, () => ''),
  )
  const workers = [1, 2].map(
    (nth) => new Kept(`worker ${nth}`, 'scripts/worker.ts', [], { ...process.env }, clock),
  )
  // Carriers know their keys and the public interface, and nothing of the authority's.
  const asCarriers = {
    NODE_ENV: 'production',
    PATH: process.env.PATH,
    DATA_DIR: dataDir,
    CARRIER_KEYS: [...carrierKeys].map(([name, key]) => `${name}=${key}`).join(','),
  } as const
  const carriers = new Kept('carriers', 'scripts/carriers.ts', ['--url', balancer.url], asCarriers, clock)
  return {
    dataDir,
    webs,
    workers,
    carriers,
    balancer,
    carrierKeys,
    get wrongClocks() {
      return wrongClocks
    },
    async query<Row extends object>(sql: string, values: readonly unknown[] = []) {
      const client = new pg.Client(server.url('postgres', database.superuser, 'antam'))
      await client.connect()
      try {
        return (await client.query<Row>(sql, [...values])).rows
      } finally {
        await client.end()
      }
    },
    async crashDatabase(awayMs) {
      const directory = join(dataDir, 'postgres')
      const [pid] = readFileSync(join(directory, 'postmaster.pid'), 'utf8').split('\n')
      process.kill(Number(pid), 'SIGKILL')
      await sleep(awayMs)
      for (let tries = 0; ; tries++) {
        try {
          const { port } = server
          server = await startPostgres({ directory, password: database.superuser, durable: true, port })
          return
        } catch (error) {
          // Its backends may live a moment longer than their server, and hold its memory.
          if (tries === 20) throw error
          await sleep(500)
        }
      }
    },
    setClocksRight() {
      right = true
    },
    async close() {
      await carriers.stop()
      await Promise.all([...webs, ...workers].map((one) => one.stop()))
      balancer.close()
      await server.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
