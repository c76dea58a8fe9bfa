import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbedded } from '../../../scripts/embedded.ts'
import { migrate } from '../../../scripts/migrate.ts'
import { secrets } from '../../../scripts/secrets.ts'
import { freePort } from '../../product.ts'
import { clocksCanBeWrong, Kept } from './kept.ts'
import type { Draw } from './seeded.ts'
import { stretchWire, type Wire } from './wire.ts'

/** The whole exchange, in processes of their own: authority, worker, each carrier, and the wire between them. */
export interface Stage {
  readonly dataDir: string
  readonly web: Kept
  readonly worker: Kept
  readonly carriers: ReadonlyMap<string, Kept>
  readonly keys: ReadonlyMap<string, string>
  readonly wire: Wire
  /** The address at which the authority itself listens, past the wire. */
  readonly url: URL
  /** A connection that no fault reaches: it sees everything, and the database is cut with it. */
  readonly superuser: pg.Client
  readonly wrongClocks: number
  /** From now on every process that starts has the right time. */
  setClocksRight(): void
  close(): Promise<void>
}

const WRONG = ['', '+3h', '-3h']

/** Sets the variables that the product's modules read: what asks the database is loaded only afterwards. */
export async function setStage(draw: Draw): Promise<Stage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'antam-faults-'))
  mkdirSync(dataDir, { recursive: true, mode: 0o711 })
  const { database, ...keys } = secrets(dataDir)
  const { server, DATABASE_URL, DATABASE_OWNER_URL } = await startEmbedded(dataDir, database)
  const port = await freePort()
  Object.assign(process.env, {
    ...keys,
    DATABASE_URL,
    DATA_DIR: dataDir,
    PORT: String(port),
    LIMIT_SCALE: '100000',
    // Its approvals of a few minutes are an hour's and more: the guard has tests of its own.
    GUARD_ORDERS: '1000000',
    // What faults do to a process is no news here; how it ends is looked at.
    LOG_LEVEL: 'silent',
  })
  await migrate(DATABASE_OWNER_URL, DATABASE_URL)
  const { db } = await import('#platform/db.ts')
  const { seedDemo } = await import('../../../prisma/seed/demo.ts')
  await seedDemo(db, dataDir)

  const url = new URL(`http://127.0.0.1:${port}`)
  const carrierKeys = keysOf(dataDir)
  const names = new Map([...carrierKeys].map(([name, key]) => [`Bearer ${key}`, name]))
  const wire = await stretchWire(url, (authorization) => names.get(authorization) ?? '', draw)
  const superuser = new pg.Client(server.url('postgres', database.superuser, 'antam'))
  await superuser.connect()

  let right = !clocksCanBeWrong
  let wrongClocks = 0
  const clock = () => {
    const drawn = right ? '' : draw.oneOf(WRONG)
    if (drawn !== '') wrongClocks++
    return drawn
  }
  const env = { ...process.env }
  const web = new Kept('web', 'scripts/web.ts', [], env, clock)
  const worker = new Kept('worker', 'scripts/worker.ts', [], env, clock)
  const asCarrier = (name: string, key: string) =>
    new Kept(name, 'scripts/carriers.ts', ['--url', wire.url], carrierEnv(name, key, dataDir), clock)
  const carriers = new Map([...carrierKeys].map(([name, key]) => [name, asCarrier(name, key)]))
  return {
    dataDir,
    web,
    worker,
    carriers,
    keys: carrierKeys,
    wire,
    url,
    superuser,
    get wrongClocks() {
      return wrongClocks
    },
    setClocksRight() {
      right = true
    },
    async close() {
      await Promise.all([...carriers.values()].map((carrier) => carrier.stop()))
      await Promise.all([web.stop(), worker.stop()])
      wire.close()
      await superuser.end()
      await server.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** A carrier knows its key and the public interface, and nothing of the authority's. */
const carrierEnv = (name: string, key: string, dataDir: string): NodeJS.ProcessEnv => ({
  NODE_ENV: 'production',
  PATH: process.env.PATH,
  DATA_DIR: dataDir,
  CARRIER_KEYS: `${name}=${key}`,
})

/** Returns the demo carriers' keys by carrier. */
export function keysOf(dataDir: string): Map<string, string> {
  const accounts = JSON.parse(readFileSync(join(dataDir, 'demo-accounts.json'), 'utf8')) as {
    readonly carrier?: string
    readonly apiKey?: string
  }[]
  return new Map(
    accounts.flatMap(({ carrier, apiKey }) => (carrier && apiKey ? [[carrier, apiKey] as const] : [])),
  )
}
