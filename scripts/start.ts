/**
 * `npm start`: everything in one command. Without DATABASE_URL it brings its own PostgreSQL, its own secrets, demo
 * accounts and demo carriers, all under DATA_DIR. With --dev (`npm run dev`) pages and jobs follow the source.
 */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, watch } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { listenAddress, readEnv, takeFromFiles } from '#platform/env.ts'
import { readArguments } from './arguments.ts'
import { buildWhenStale } from './build.ts'
import { type EmbeddedDatabase, startEmbedded } from './embedded.ts'
import { untilPortIsFree } from './free-port.ts'
import { untilAskedToStop } from './process.ts'
import { secrets } from './secrets.ts'
import { withoutSigningKey } from './signing-key.ts'
import { lockDataDir } from './start-lock.ts'
import { ownProcess, type Supervised, supervise } from './supervisor.ts'

const { dev } = readArguments('usage: npm start (settings are variables: docs/operations/configuration.md)', {
  options: { dev: { type: 'boolean', default: false } },
}).values

/** Returns how many milliseconds a process may drain before it is killed: its own limits plus five seconds. */
function stopGrace(): number {
  const { DRAIN_DELAY = 5, DRAIN_SECONDS } = readEnv(process.env)
  return (DRAIN_DELAY + DRAIN_SECONDS + 5) * 1000
}

const children: Supervised[] = []
let preparing: ChildProcess | undefined
let embedded: Promise<EmbeddedDatabase> | undefined

/** Stops everything in reverse order of starting: clients before their servers. */
async function stopAll(): Promise<void> {
  // The grace is known only once the environment is complete; before that there are no children.
  preparing?.kill()
  for (const child of children.toReversed()) await child.stop(stopGrace())
  const database = await embedded?.catch(() => null)
  await database?.server.stop()
}

/**
 * Prepares the database: starts our own if none is given, and has it migrated and seeded by a short-lived process
 * (prepare.ts). Sets the variables that the processes inherit.
 */
async function prepareDatabase(): Promise<void> {
  const own = !process.env.DATABASE_URL
  if (own) {
    const dataDir = process.env.DATA_DIR || '.data'
    const { database, ...keys } = secrets(dataDir)
    embedded = startEmbedded(dataDir, database)
    const { DATABASE_URL, DATABASE_OWNER_URL } = await embedded
    Object.assign(process.env, { ...keys, ...process.env, DATABASE_URL, DATABASE_OWNER_URL })
    process.env.DEMO ||= 'city'
    process.env.OUTBOX ||= 'on'
    process.env.RECOVERY ||= 'on'
  }
  preparing = ownProcess('scripts/prepare.ts', own ? ['--own'] : [])()
  let demo: unknown
  preparing.on('message', (said) => {
    demo = said
  })
  await once(preparing, 'close')
  if (typeof demo !== 'string') throw new Error('The database could not be prepared (see above).')
  process.env.DEMO = demo
  // Only the variables that the processes need: the owner's password is for the migrator alone.
  delete process.env.DATABASE_OWNER_URL
  delete process.env.DATABASE_OWNER_URL_FILE
}

/**
 * Starts demonstration witnesses if an embedded log has no others, and passes their addresses to the next processes. They
 * keep their port after a restart.
 */
async function startWitnesses(): Promise<void> {
  if (!embedded || process.env.WITNESSES) return
  const { ANTAM_AUDIT_PUBLIC_KEY: key = '' } = withoutSigningKey({ ...process.env })
  let port = 0
  let told: (witnesses: string) => void
  const ready = new Promise<string>((resolve) => {
    told = resolve
  })
  const witnesses = supervise('witnesses', () => {
    const child = ownProcess('tools/witnesses.ts', ['--log', key, '--port', String(port)])()
    child.on('message', (said: { readonly port: number; readonly witnesses: string }) => {
      port = said.port
      told(said.witnesses)
    })
    return child
  })
  children.push(witnesses)
  process.env.WITNESSES = await Promise.race([ready, witnesses.failed])
  process.env.WITNESSES_DEMO = 'on'
}

function startSite(): void {
  const env = withoutSigningKey({ ...process.env })
  children.push(supervise('web', ownProcess('scripts/web.ts', dev ? ['--dev'] : [], env)))
  const { METRICS_PORT } = readEnv(process.env)
  // On one machine the two processes cannot share this port.
  const apart = METRICS_PORT === undefined ? {} : { METRICS_PORT: String(METRICS_PORT + 1) }
  const worker = supervise('worker', ownProcess('scripts/worker.ts', [], { ...process.env, ...apart }))
  children.push(worker)
  if (dev) restartOnChange(worker)
}

/** Restarts the worker when a source changes. The web server reloads by itself; the worker does not. */
function restartOnChange(worker: Supervised): void {
  let timer: NodeJS.Timeout | undefined
  for (const directory of ['cities', 'features', 'lib', 'messages', 'platform']) {
    watch(directory, { recursive: true }, () => {
      clearTimeout(timer)
      timer = setTimeout(() => worker.restart(), 300)
    })
  }
}

async function untilReady(url: string): Promise<void> {
  for (let waited = 0; waited < 120_000; waited += 200) {
    const answer = await fetch(`${url}/api/health/ready`, { signal: AbortSignal.timeout(30_000) }).catch(
      () => null,
    )
    if (answer?.ok) return
    await sleep(200)
  }
  throw new Error(`${url}/api/health/ready did not answer within two minutes.`)
}

async function run(): Promise<void> {
  const dataDir = process.env.DATA_DIR || '.data'
  if (!existsSync(dataDir)) mkdirSync(dataDir, { recursive: true })
  // The database's user passes through it; no other user lists it.
  chmodSync(dataDir, 0o711)
  await lockDataDir(dataDir)
  // With an external database every variable must be set before anything is changed.
  takeFromFiles(process.env)
  if (process.env.DATABASE_URL) readEnv(process.env)
  // First of all: otherwise the demo carriers would send their keys to another program on this port.
  const at = listenAddress(process.env)
  if (at) await untilPortIsFree(at.PORT, at.HOST)
  await Promise.all([prepareDatabase(), dev ? undefined : buildWhenStale()])
  await startWitnesses()
  startSite()
  const { HOST, PORT, PUBLIC_URL } = readEnv(process.env)
  const local = `http://${HOST === '0.0.0.0' || HOST === '::' ? '127.0.0.1' : HOST}:${PORT}`
  await Promise.race([untilReady(local), ...children.map((child) => child.failed)])
  // The carriers are ordinary clients of the site, so they start after it.
  if (embedded) children.push(supervise('carriers', ownProcess('tools/carriers.ts')))
  console.log(`An Tâm is ready: ${PUBLIC_URL ?? local}`)
  const failures = children.map((child) => child.failed)
  if (embedded)
    failures.push((await embedded).server.crashed.then((reason) => Promise.reject(new Error(reason))))
  await Promise.race(failures)
}

process.on('exit', () => {
  // On a forced end, nothing may stay behind and hold the port.
  preparing?.kill()
  for (const child of children) child.kill()
})
const asked = untilAskedToStop()
try {
  await Promise.race([asked, run()])
  console.error('Stopping …')
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
await stopAll()
process.exit()
