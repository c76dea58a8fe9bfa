import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { startEmbedded } from '../../../scripts/embedded.ts'
import { freePort } from '../../../scripts/free-port.ts'
import { secrets } from '../../../scripts/secrets.ts'
import { carrierEnv, keysOf } from '../ground.ts'
import { Kept, scriptOf } from '../kept.ts'
import { type Balancer, balance } from '../site/balancer.ts'
import type { Release } from './release.ts'

/** The longest time that a process may take to start, also on a busy machine. */
const START_MS = 300_000

/** Two web servers, two workers and the carriers of a release on one database, behind a proxy. */
export interface Site {
  readonly balancer: Balancer
  readonly carriers: readonly string[]
  readonly fell: readonly string[]
  readonly owner: string
  readonly application: string
  query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]>
  /**
   * Replaces web servers and workers one by one with those of another tree. Each new process is ready before
   * the next old one ends.
   */
  roll(code: string): Promise<void>
  stop(): Promise<void>
}

async function until(isSo: () => boolean, what: string): Promise<void> {
  for (let waited = 0; !isSo(); waited += 200) {
    if (waited > START_MS) throw new Error(what)
    await sleep(200)
  }
}

/** Lets `npm start` of the release make its database, secrets and demo accounts, and then stops it. */
export async function layOut({ code, env }: Release, dataDir: string): Promise<void> {
  const product = spawn('node', ['scripts/start.ts'], {
    cwd: code,
    env: {
      ...process.env,
      ...env,
      PORT: String(await freePort()),
      DATA_DIR: dataDir,
      DEMO: 'empty',
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((done) => product.once('exit', done))
  let said = ''
  product.stdout.on('data', (text) => {
    said += text
  })
  const isOver = () => said.includes('ready: ') || product.exitCode !== null
  await until(isOver, 'the last release did not start').finally(() => product.kill('SIGTERM'))
  await ended
  if (!said.includes('ready: ')) throw new Error(`the last release did not start:\n${said}`)
}

export async function startSite({ code, env }: Release, dataDir: string): Promise<Site> {
  const { database: passwords, ...keys } = secrets(dataDir)
  const database = await startEmbedded(dataDir, passwords)
  const ports = [await freePort(), await freePort()]
  const balancer = await balance(ports)
  const given = {
    ...process.env,
    ...env,
    ...keys,
    DATABASE_URL: database.DATABASE_URL,
    DATA_DIR: dataDir,
    PUBLIC_URL: balancer.url,
    LIMIT_SCALE: '100000',
    TRUSTED_PROXIES: '1',
    WEB_PROCESSES: '1',
    DRAIN_DELAY: '2',
    LOG_LEVEL: 'error',
    PUSH_ALLOW: 'http://127.0.0.1:9',
  }
  const keep = (name: string, args: readonly string[], own: NodeJS.ProcessEnv) =>
    new Kept(name, scriptOf(name.split(' ')[0] ?? name, code), args, own, () => '', code)
  const webs = ports.map((port, at) => keep(`web ${at + 1}`, [], { ...given, PORT: String(port) }))
  const workers = [1, 2].map((nth) => keep(`worker ${nth}`, [], given))
  const carrierKeys = keysOf(dataDir)
  const carriers = keep('carriers', ['--url', balancer.url], carrierEnv(dataDir, carrierKeys))
  const all = [...webs, ...workers, carriers]
  const areReady = () =>
    balancer.readyPorts().length === webs.length && workers.every(({ isReady }) => isReady)
  const stop = async () => {
    await Promise.all(all.map((one) => one.stop()))
    balancer.close()
    await database.server.stop()
  }
  try {
    await until(areReady, 'the site did not become ready')
  } catch (error) {
    await stop()
    throw error
  }
  return {
    balancer,
    carriers: [...carrierKeys.keys()],
    get fell() {
      return all.flatMap(({ fell }) => fell)
    },
    owner: database.DATABASE_OWNER_URL,
    application: database.DATABASE_URL,
    async query<Row extends object>(sql: string, values: readonly unknown[] = []) {
      const client = new pg.Client(database.server.url('postgres', passwords.superuser, 'antam'))
      await client.connect()
      try {
        return (await client.query<Row>(sql, [...values])).rows
      } finally {
        await client.end()
      }
    },
    async roll(to) {
      for (const one of [...webs, ...workers]) {
        const before = one.starts
        one.code = to
        one.restart()
        await until(() => one.starts > before && areReady(), `${one.name} did not become ready`)
      }
    },
    stop,
  }
}
