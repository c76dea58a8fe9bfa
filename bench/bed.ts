import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { diskStorage } from '#platform/storage.ts'
import { BASELINE_SOURCES, buildWhenStale } from '../scripts/build.ts'
import { addRoles } from '../scripts/embedded.ts'
import { freePort } from '../scripts/free-port.ts'
import { migrate } from '../scripts/migrate.ts'
import { startPostgres } from '../scripts/postgres.ts'
import { secrets } from '../scripts/secrets.ts'
import { lockDataDir } from '../scripts/start-lock.ts'
import { fillBook } from '../tools/load/book.ts'
import { fill } from '../tools/load/fill.ts'
import { fillLog } from '../tools/load/log.ts'
import { fillSurvey } from '../tools/load/survey.ts'

/** The district of the measured officer. It has most of the cases, so that the small database also has ten pages. */
export const DISTRICT = 'quan-3'
const SPREAD = { open: 0.4, heavy: { area: DISTRICT, share: 0.65 } }
const OWNER = 'antam_owner'
const APPLICATION = 'antam_app'

/** The environment of a measurement: its own PostgreSQL with the product's databases. */
export interface Bed {
  /** Returns the application role's URL of the database with that many cases, created and filled on first use. */
  database(cases: number): Promise<string>
  ownerUrl(databaseUrl: string): string
  /** Like `database`, with every case verified and waiting for approval. */
  verified(cases: number): Promise<string>
  /** Like `database`, with that many answers to the survey and no cases. */
  answers(responses: number): Promise<string>
  /** Like `database`, with an audit log of that many leaves and no cases. */
  log(leaves: number): Promise<string>
  /** Like `database`, with one case, and that many phones listed in a carrier's book. */
  book(phones: number): Promise<string>
  /** Stops everything and removes temporary files. */
  close(): Promise<void>
}

async function asClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/**
 * Starts the bed in a temporary directory. With BENCH_DIR it uses that directory and keeps it with its databases for the
 * next run: filling a million cases takes longer than measuring them.
 */
export async function makeBed(): Promise<Bed> {
  const kept = process.env.BENCH_DIR
  const directory = kept ? resolve(kept) : mkdtempSync(join(tmpdir(), 'an-tam-bench-'))
  mkdirSync(directory, { recursive: true, mode: 0o711 })
  if (kept) await lockDataDir(directory, 'set BENCH_DIR to another directory')
  const { database: passwords, ...keys } = secrets(directory)
  // The measurements block more phones per hour than the guard allows.
  Object.assign(process.env, { ...keys, DATA_DIR: directory, LOG_LEVEL: 'error', GUARD_ORDERS: '100000000' })
  const server = await startPostgres({
    directory: join(directory, 'postgres'),
    password: passwords.superuser,
    durable: true,
  })
  const superuser = (database: string) => server.url('postgres', passwords.superuser, database)
  const casesIn = (cases: number) => `cases_${cases}`
  const answersIn = (responses: number) => `answers_${responses}`
  const ownerUrl = (name: string) => server.url(OWNER, passwords.owner, name)
  const appUrl = (name: string) => server.url(APPLICATION, passwords.application, name)

  async function make(
    name: string,
    fillIt: (ownerUrl: string, told: (done: number) => void) => Promise<void>,
  ): Promise<string> {
    // The environment is read once and needs a database: the first that is requested.
    process.env.DATABASE_URL ??= appUrl(name)
    const marker = join(directory, `${name}.filled`)
    if (existsSync(marker)) return appUrl(name)
    await asClient(superuser('postgres'), async (client) => {
      await addRoles(client, passwords)
      await client.query(`DROP DATABASE IF EXISTS ${name}`)
      await client.query(`CREATE DATABASE ${name} OWNER ${OWNER}`)
    })
    await migrate(ownerUrl(name), appUrl(name))
    // The minimal table into which the baselines insert.
    await asClient(ownerUrl(name), async (client) => {
      await client.query('CREATE TABLE bench_rows (id bigserial PRIMARY KEY, written text NOT NULL)')
      await client.query(`GRANT ALL ON bench_rows, bench_rows_id_seq TO ${APPLICATION}`)
    })
    const started = performance.now()
    console.error(`Filling ${name} …`)
    await fillIt(ownerUrl(name), (done) => {
      if (done % 100_000 === 0) console.error(`  ${done} written`)
    })
    await asClient(superuser(name), (client) => client.query('CHECKPOINT'))
    console.error(`  done after ${Math.round((performance.now() - started) / 1000)} s`)
    writeFileSync(marker, '')
    return appUrl(name)
  }

  return {
    ownerUrl: (databaseUrl) => ownerUrl(new URL(databaseUrl).pathname.slice(1)),
    database: (cases) => make(casesIn(cases), (url, told) => fill(url, { cases, ...SPREAD }, told)),
    verified: (cases) =>
      make(`verified_${cases}`, (url, told) =>
        fill(url, { cases, open: 0, heavy: null, state: 'verified' }, told),
      ),
    log: (leaves) => make(`log_${leaves}`, (url, told) => fillLog(url, leaves, told)),
    book: (phones) =>
      make(`book_${phones}`, async (url, told) => {
        await fill(url, { cases: 1, ...SPREAD }, told)
        await fillBook(url, phones)
      }),
    answers: (responses) => make(answersIn(responses), (url, told) => fillSurvey(url, responses, told)),
    async close() {
      await server.stop()
      if (!kept) rmSync(directory, { recursive: true, force: true })
    },
  }
}

export interface Web {
  readonly url: string
  /** Processor seconds used so far, if the system reports them (Linux). */
  cpuSeconds(): number
  /** Resident memory in MB of 1000 KB, if the system reports it (Linux). */
  memory(): number
  stop(): Promise<void>
}

const BASELINE = 'bench/baseline'

/**
 * Starts the product's web server, by default with one process. Rate limits are out of reach; addresses come as from a
 * proxy.
 */
export const startWeb = (databaseUrl: string, processes = 1): Promise<Web> =>
  startServer('.', ['scripts/web.ts'], databaseUrl, processes)

/** Starts the bare site with `next start` beside the product, with the same server setup. Builds it if its build is stale. */
export async function startBaseline(databaseUrl: string): Promise<Web> {
  await buildWhenStale(BASELINE, BASELINE_SOURCES)
  // Runs in the root, where the shared instrumentation finds the city's files.
  return startServer('.', ['node_modules/next/dist/bin/next', 'start', BASELINE], databaseUrl)
}

/**
 * Returns the directory of a database's files. Each database needs its own, because a store and the log's checkpoints
 * belong to one database.
 */
export async function filesOf(databaseUrl: string): Promise<string> {
  const name = new URL(databaseUrl).pathname.slice(1)
  const directory = join(process.env.DATA_DIR ?? '', 'files', name)
  const store = diskStorage(join(directory, 'evidence'))
  if ((await store.installation()) !== null) return directory
  const { rows } = await asClient(databaseUrl, (client) =>
    client.query<{ id: string }>('SELECT id FROM installation'),
  )
  await store.join(rows[0]?.id ?? '')
  return directory
}

async function startServer(
  directory: string,
  [program = '', ...args]: readonly string[],
  databaseUrl: string,
  processes = 1,
): Promise<Web> {
  const [port, files] = [await freePort(), await filesOf(databaseUrl)]
  const child: ChildProcess = spawn(process.execPath, [resolve(program), ...args], {
    cwd: resolve(directory),
    env: {
      ...process.env,
      PORT: String(port),
      HOST: '127.0.0.1',
      WEB_PROCESSES: String(processes),
      DATABASE_URL: databaseUrl,
      DATA_DIR: files,
      LIMIT_SCALE: '100000',
      TRUSTED_PROXIES: '1',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const url = `http://127.0.0.1:${port}`
  const answers = async () => {
    while (!(await fetch(`${url}/`).catch(() => null))) await sleep(50)
  }
  const ended = new Promise<never>((_, reject) =>
    child.once('exit', (code) => reject(new Error(`the web server of ${directory} ended with ${code}`))),
  )
  ended.catch(() => {})
  await Promise.race([answers(), ended])
  return {
    url,
    cpuSeconds: () => sum(familyOf(child).map(cpuSecondsOf)),
    memory: () => sum(familyOf(child).map((pid) => memoryOf({ pid }))),
    stop: () => stopped(child),
  }
}

function childrenOf({ pid }: Pick<ChildProcess, 'pid'>): number[] {
  const list = `/proc/${pid}/task/${pid}/children`
  return existsSync(list) ? readFileSync(list, 'utf8').split(' ').filter(Boolean).map(Number) : []
}

const familyOf = ({ pid }: Pick<ChildProcess, 'pid'>): number[] =>
  pid === undefined ? [] : [pid, ...childrenOf({ pid }).flatMap((child) => familyOf({ pid: child }))]

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

function cpuSecondsOf(pid: number): number {
  const stat = `/proc/${pid}/stat`
  if (!existsSync(stat)) return Number.NaN
  const fields = readFileSync(stat, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

function memoryOf({ pid }: { readonly pid?: number | undefined }): number {
  const status = `/proc/${pid}/status`
  if (!existsSync(status)) return Number.NaN
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(status, 'utf8'))?.[1]) * 1.024e-3
}

async function stopped(child: ChildProcess): Promise<void> {
  const gone = new Promise((done) => child.once('exit', done))
  child.kill('SIGTERM')
  await gone
}

export interface Carriers {
  /** Suspends the processes, so that they neither ask nor answer. */
  pause(): void
  resume(): void
  stop(): Promise<void>
}

/** Starts the demo carriers with their keys and empty registers at an authority's web server. */
export function startCarriers(url: string, keys: ReadonlyMap<string, string>): Carriers {
  const directory = mkdtempSync(join(tmpdir(), 'an-tam-carriers-'))
  const child = spawn(process.execPath, [resolve('tools/carriers.ts'), '--url', url], {
    env: {
      ...process.env,
      DATA_DIR: directory,
      CARRIER_KEYS: [...keys].map(([carrier, key]) => `${carrier}=${key}`).join(','),
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  return {
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async stop() {
      child.kill('SIGCONT')
      await stopped(child)
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

export async function startWorker(databaseUrl: string): Promise<Pick<Web, 'memory' | 'stop'>> {
  const child = spawn(process.execPath, [resolve('scripts/worker.ts')], {
    env: { ...process.env, DATABASE_URL: databaseUrl, DATA_DIR: await filesOf(databaseUrl) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await new Promise<void>((ready, reject) => {
    child.once('message', () => ready())
    child.once('exit', (code) => reject(new Error(`the worker ended with ${code}`)))
  })
  // The maximum over the worker and the processes that draw for it.
  const memory = () => Math.max(memoryOf(child), ...childrenOf(child).map((pid) => memoryOf({ pid }) || 0))
  return { memory, stop: () => stopped(child) }
}
