import { rmSync } from 'node:fs'
import pg from 'pg'
import { startEmbedded } from '../../../scripts/embedded.ts'
import { freePort } from '../../../scripts/free-port.ts'
import { Clocks, carrierEnv, layGround, makeDataDir } from '../ground.ts'
import { Kept } from '../kept.ts'
import type { Draw } from '../seeded.ts'
import { stretchWire, type Wire } from './wire.ts'

/** The whole exchange, each part in its own process: authority, worker, carriers, and the wire between them. */
export interface Stage {
  readonly dataDir: string
  readonly web: Kept
  readonly worker: Kept
  readonly carriers: ReadonlyMap<string, Kept>
  readonly keys: ReadonlyMap<string, string>
  readonly wire: Wire
  /** The authority's own address, bypassing the wire. */
  readonly url: URL
  /** A connection that no fault cuts. It sees every row, and the run cuts the database's other connections with it. */
  readonly superuser: pg.Client
  readonly clocks: Clocks
  close(): Promise<void>
}

export async function setStage(draw: Draw): Promise<Stage> {
  const port = await freePort()
  const dataDir = makeDataDir()
  // A few minutes here have more approvals than the guard allows in an hour. The guard has its own tests.
  const own = { PORT: String(port), GUARD_ORDERS: '1000000' }
  const ground = await layGround(dataDir, (passwords) => startEmbedded(dataDir, passwords), own)
  const { database, passwords, carrierKeys } = ground

  const url = new URL(`http://127.0.0.1:${port}`)
  const names = new Map([...carrierKeys].map(([name, key]) => [`Bearer ${key}`, name]))
  const wire = await stretchWire(url, (authorization) => names.get(authorization) ?? '', draw)
  const superuser = new pg.Client(database.server.url('postgres', passwords.superuser, 'antam'))
  await superuser.connect()

  const clocks = new Clocks(draw, ['', '+3h', '-3h'])
  const env = { ...process.env }
  const web = new Kept('web', 'scripts/web.ts', [], env, clocks.next)
  const worker = new Kept('worker', 'scripts/worker.ts', [], env, clocks.next)
  const carriers = new Map(
    [...carrierKeys].map((one) => [
      one[0],
      new Kept(one[0], 'tools/carriers.ts', ['--url', wire.url], carrierEnv(dataDir, [one]), clocks.next),
    ]),
  )
  return {
    dataDir,
    web,
    worker,
    carriers,
    keys: carrierKeys,
    wire,
    url,
    superuser,
    clocks,
    async close() {
      await Promise.all([...carriers.values()].map((carrier) => carrier.stop()))
      await Promise.all([web.stop(), worker.stop()])
      wire.close()
      await superuser.end()
      await database.server.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
