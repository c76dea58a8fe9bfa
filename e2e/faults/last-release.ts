/**
 * `npm run faults:upgrade [-- --commit COMMIT]`: runs the last release (prisma/last-release.json) as it was built,
 * brings its database to today's schema beside it while people read and rate, and then has that release do its own main
 * journeys on it. Exits with 1 when anything of that fails: a migration that the last release cannot live with. Needs the
 * history of the repository, and some minutes; before a release.
 */
import { spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { runningUrl } from '../../scripts/embedded.ts'
import { migrate, sayMigrated } from '../../scripts/migrate.ts'
import { lastRelease } from '../../scripts/migration-lint.ts'
import { run } from '../../scripts/run.ts'
import { freePort } from '../product.ts'

const { values } = parseArgs({ options: { commit: { type: 'string' } } })
const commit = values.commit ?? lastRelease().commit
const JOURNEYS = ['main-job', 'survey', 'check'].map((name) => `e2e/journeys/${name}.spec.ts`)
/** Pages that are read without a pause: what each answers, and none may fail. */
const READ = ['/', '/en', '/ket-qua', '/danh-gia/quan-3', '/bao-mat-may', '/tra-cuu', '/api/v1/figures']

const folder = mkdtempSync(join(tmpdir(), 'antam-last-'))
const [code, dataDir] = [join(folder, 'code'), join(folder, 'data')]

async function must(command: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  const done = await run(command, args, env)
  if (done.code !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${done.output.slice(-4000)}`)
  return done.output
}

/** Makes the release's own tree, built, in a folder of its own. */
async function build(): Promise<void> {
  await must('git', ['worktree', 'add', '--detach', code, commit])
  const lock = (at: string) => JSON.parse(readFileSync(join(at, 'package-lock.json'), 'utf8')).packages
  const [then, now] = [lock(code), lock('.')]
  const same = Object.keys(then).every((name) => name === '' || then[name].version === now[name]?.version)
  if (same) {
    await must('cp', ['-al', 'node_modules', join(code, 'node_modules')])
    const installed = join(code, 'node_modules/.antam-lock')
    rmSync(installed, { force: true })
    copyFileSync(join(code, 'package-lock.json'), installed)
  }
  const script = "import('./scripts/build.ts').then((m) => m.buildWhenStale())"
  const there = `cd '${code}' && node scripts/bootstrap.mjs && node -e "${script}"`
  await must('sh', ['-c', there])
}

const answers = new Map<string, number>()
const failures: string[] = []
let reading = true

async function read(url: string): Promise<void> {
  for (let n = 0; reading; n++) {
    const path = READ[n % READ.length] ?? '/'
    const answer = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(30_000) }).catch(
      (error: Error) => error,
    )
    const said = answer instanceof Response ? String(answer.status) : answer.message
    if (answer instanceof Response) await answer.arrayBuffer()
    answers.set(said, (answers.get(said) ?? 0) + 1)
    if (!/^[23]/.test(said)) failures.push(`${path}: ${said}`)
    await sleep(100)
  }
}

try {
  const began = performance.now()
  await build()
  console.log(`built ${commit.slice(0, 10)} in ${Math.round((performance.now() - began) / 1000)} s`)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = {
    ...process.env,
    PORT: String(port),
    DATA_DIR: dataDir,
    LIMIT_SCALE: '1000',
    TRUSTED_PROXIES: '1',
  }
  const product = spawn('node', ['scripts/start.ts'], {
    cwd: code,
    env: { ...env, DEMO: 'empty', LOG_LEVEL: 'error', PUSH_ALLOW: 'http://127.0.0.1:9' },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const ended = new Promise((done) => product.once('exit', done))
  try {
    const ready = () =>
      fetch(`${url}/api/health/ready`).then(
        (answer) => answer.ok,
        () => false,
      )
    for (let waited = 0; !(await ready()); waited += 500) {
      if (waited > 180_000 || product.exitCode !== null) throw new Error('the last release did not start')
      await sleep(500)
    }
    const readers = [read(url), read(url)]
    await sleep(3_000)
    const [owner, application] = [runningUrl(dataDir, 'owner'), runningUrl(dataDir)]
    if (!owner || !application) throw new Error('its database does not run')
    const before = performance.now()
    console.log(sayMigrated(await migrate(owner, application)))
    console.log(`migrated beside it in ${((performance.now() - before) / 1000).toFixed(1)} s`)
    await sleep(5_000)
    const journeys = await run(
      'sh',
      [
        '-c',
        `cd '${code}' && playwright test --project vi --workers=1 --reporter=line ${JOURNEYS.filter((file) => existsSync(join(code, file))).join(' ')}`,
      ],
      { E2E_URL: url, E2E_DATA_DIR: dataDir, E2E_PUSH_TO: 'http://127.0.0.1:9' },
    )
    reading = false
    await Promise.all(readers)
    if (journeys.code !== 0) failures.push(`its own journeys:\n${journeys.output.slice(-6000)}`)
    else console.log(journeys.output.trim().split('\n').at(-1))
    if (!(await ready())) failures.push('it is not ready any more')
  } finally {
    reading = false
    product.kill('SIGTERM')
    await ended
  }
} catch (error) {
  failures.push((error as Error).message)
} finally {
  await run('git', ['worktree', 'remove', '--force', code])
  rmSync(folder, { recursive: true, force: true })
}
console.log([...answers].map(([said, count]) => `${count} × ${said}`).join(', '))
for (const failure of failures.slice(0, 20)) console.log(`✗ ${failure}`)
console.log(failures.length === 0 ? 'The last release works on this schema.' : `${failures.length} failures`)
process.exitCode = failures.length === 0 ? 0 : 1
