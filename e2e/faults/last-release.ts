/**
 * `npm run faults:upgrade [-- --commit COMMIT] [--journeys]`: runs the last release (prisma/last-release.json) as it was
 * built, brings its database to today's schema while people report, rate and decide at it, and then compares what they
 * were told with what is stored. `--journeys` has that release do its own main journeys in a browser as well. Exits with
 * 1 when anything of that fails: a migration that the last release cannot live with. Needs the history of the
 * repository, and some minutes; before a release.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { runningUrl } from '../../scripts/embedded.ts'
import { migrate, sayMigrated } from '../../scripts/migrate.ts'
import { lastRelease } from '../../scripts/migration-lint.ts'
import { run } from '../../scripts/run.ts'
import { secrets } from '../../scripts/secrets.ts'
import { freePort } from '../product.ts'
import { keysOf } from './ground.ts'
import { balance } from './site/balancer.ts'

const { values } = parseArgs({
  options: {
    commit: { type: 'string' },
    /** A tree of that commit that is there and built already: it is used as it is, and left. */
    built: { type: 'string' },
    journeys: { type: 'boolean', default: false },
  },
})
const commit = values.commit ?? lastRelease().commit
const JOURNEYS = ['main-job', 'survey', 'check'].map((name) => `e2e/journeys/${name}.spec.ts`)
/** People report and decide for so long before the migration, and after it. */
const BEFORE_MS = 20_000
const AFTER_MS = 40_000
const REPORTERS = 2
const RATERS = 1

const folder = mkdtempSync(join(tmpdir(), 'antam-last-'))
const [code, dataDir] = [values.built ?? join(folder, 'code'), join(folder, 'data')]

/** The environment of the release: with the commands of its own packages, and none of this tree's before them. */
const there = {
  PATH: [
    join(code, 'node_modules/.bin'),
    ...(process.env.PATH ?? '').split(delimiter).filter((one) => !one.endsWith('node_modules/.bin')),
  ].join(delimiter),
}

async function must(command: string, args: string[]): Promise<void> {
  const done = await run(command, args, there)
  if (done.code !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${done.output.slice(-4000)}`)
}

/** Makes the release's own tree, built, in a folder of its own. */
async function build(): Promise<void> {
  if (values.built) return
  await must('git', ['worktree', 'add', '--detach', code, commit])
  const script = "import('./scripts/build.ts').then((m) => m.buildWhenStale())"
  await must('sh', ['-c', `cd '${code}' && node scripts/bootstrap.mjs`])
  // In a shell of its own: the one before remembers the machine's node, from before the release's was there.
  await must('sh', ['-c', `cd '${code}' && node -e "${script}"`])
}

const failures: string[] = []

/** Runs the release's own journeys, in its own browser tests. */
async function travel(url: string): Promise<void> {
  const own = JOURNEYS.filter((file) => existsSync(join(code, file))).join(' ')
  const command = `cd '${code}' && playwright test --project vi --workers=1 --reporter=line ${own}`
  const journeys = await run('sh', ['-c', command], {
    ...there,
    E2E_URL: url,
    E2E_DATA_DIR: dataDir,
    E2E_PUSH_TO: 'http://127.0.0.1:9',
  })
  if (journeys.code !== 0) failures.push(`its own journeys:\n${journeys.output.slice(-6000)}`)
  else console.log(journeys.output.trim().split('\n').at(-1))
}

/** Tells whether it becomes ready within a minute: a busy machine's first answers may be late. */
async function isReady(port: number): Promise<boolean> {
  for (let waited = 0; waited < 60; waited++) {
    const ready = await fetch(`http://127.0.0.1:${port}/api/health/ready`).catch(() => null)
    if (ready?.ok) return true
    await sleep(1_000)
  }
  return false
}

async function migrateBeside(): Promise<number> {
  const [owner, application] = [runningUrl(dataDir, 'owner'), runningUrl(dataDir)]
  if (!owner || !application) throw new Error('its database does not run')
  const before = performance.now()
  console.log(sayMigrated(await migrate(owner, application)))
  return (performance.now() - before) / 1000
}

/** Asks its database as one who sees everything. */
async function query<Row extends object>(sql: string, given: readonly unknown[] = []): Promise<Row[]> {
  const port = new URL(runningUrl(dataDir) ?? '').port
  const password = encodeURIComponent(secrets(dataDir).database.superuser)
  const client = new pg.Client(`postgresql://postgres:${password}@127.0.0.1:${port}/antam`)
  await client.connect()
  try {
    return (await client.query<Row>(sql, [...given])).rows
  } finally {
    await client.end()
  }
}

const began = performance.now()
const secondsSince = (at: number) => Math.round((performance.now() - at) / 1000)
try {
  await build()
  console.log(`${commit.slice(0, 10)} is built after ${secondsSince(began)} s`)
  const port = await freePort()
  const balancer = await balance([port], true)
  Object.assign(process.env, { E2E_URL: balancer.url, E2E_DATA_DIR: dataDir })
  const product = spawn('node', ['scripts/start.ts'], {
    cwd: code,
    env: {
      ...process.env,
      ...there,
      PORT: String(port),
      PUBLIC_URL: balancer.url,
      DATA_DIR: dataDir,
      LIMIT_SCALE: '100000',
      TRUSTED_PROXIES: '1',
      DEMO: 'empty',
      LOG_LEVEL: 'error',
      PUSH_ALLOW: 'http://127.0.0.1:9',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const ended = new Promise((done) => product.once('exit', done))
  try {
    for (let waited = 0; balancer.readyPorts().length === 0; waited += 500) {
      if (waited > 300_000 || product.exitCode !== null) throw new Error('the last release did not start')
      await sleep(500)
    }
    const [{ People }, { judgeKept }, { untilBlocked }] = await Promise.all([
      import('./site/load.ts'),
      import('./site/judge.ts'),
      import('./site/site.ts'),
    ])
    const place = { query, sms: null }
    const people = new People(place)
    await people.signIn()
    const living = people.live(REPORTERS, RATERS)
    await sleep(BEFORE_MS)
    const { filed, rated } = people.told
    const before = { reports: filed.length, ratings: rated.length }
    const migrationSeconds = await migrateBeside()
    console.log(`migrated beside it in ${migrationSeconds.toFixed(1)} s`)
    await sleep(AFTER_MS)
    people.enough()
    await living
    await untilBlocked(
      query,
      filed.map(({ number }) => number),
    )
    const carriers = [...keysOf(dataDir).keys()]
    failures.push(...(await judgeKept({ ...place, dataDir, carriers }, people.told)))
    if (values.journeys) await travel(balancer.url)
    if (!(await isReady(port))) failures.push('it is not ready any more')
    const { counts } = balancer
    for (const [status, times] of Object.entries(counts))
      if (!/^[234]/.test(status)) failures.push(`${times} answers were ${status}`)
    failures.push(...balancer.failures)
    const found = { before, reports: filed.length, ratings: rated.length, migrationSeconds, answers: counts }
    console.log(JSON.stringify(found))
    mkdirSync('bench/results', { recursive: true })
    writeFileSync(
      'bench/results/faults-upgrade.json',
      `${JSON.stringify({ at: new Date().toISOString(), commit, ...found, failures }, null, 2)}\n`,
    )
  } finally {
    product.kill('SIGTERM')
    await ended
    balancer.close()
  }
} catch (error) {
  failures.push((error as Error).message)
} finally {
  if (!values.built) await run('git', ['worktree', 'remove', '--force', code])
  rmSync(folder, { recursive: true, force: true })
}
for (const failure of failures.slice(0, 20)) console.log(`✗ ${failure}`)
console.log(failures.length === 0 ? 'The last release works on this schema.' : `${failures.length} failures`)
process.exit(failures.length === 0 ? 0 : 1)
