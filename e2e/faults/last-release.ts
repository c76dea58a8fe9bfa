/**
 * `npm run faults:upgrade [-- --commit COMMIT] [--built DIR] [--journeys]`: runs the last release
 * (prisma/last-release.json) in its own build, as a site of two web servers and two workers behind a proxy. While
 * people report, rate and decide, the database is migrated to today's schema, and the processes are replaced one
 * by one with this version's, and then back with the release's. At the end, the stored data is compared with what
 * people were told. With `--journeys`, that release also runs its own main journeys in a browser. Exits with 1 if
 * any of it fails. Needs the history of the repository and some minutes; run it before a release.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readArguments } from '../../scripts/arguments.ts'
import { buildWhenStale } from '../../scripts/build.ts'
import { migrate, sayMigrated } from '../../scripts/migrate.ts'
import { lastRelease } from '../../scripts/migration-lint.ts'
import { run } from '../../scripts/run.ts'
import { sendAnewWhereRenewed } from '../forms/visitor.ts'
import { buildRelease, releaseIn, travel } from './upgrade/release.ts'
import { layOut, startSite } from './upgrade/site.ts'

const { values } = readArguments(
  'usage: npm run faults:upgrade [-- --commit COMMIT] [--built DIR] [--journeys]',
  {
    options: {
      commit: { type: 'string' },
      /** An existing tree of that commit that is already built. It is used unchanged and not removed. */
      built: { type: 'string' },
      journeys: { type: 'boolean', default: false },
    },
  },
)
const commit = values.commit ?? lastRelease().commit
/** How long people go on before the first step and after each step. */
const PAUSE_MS = 20_000
const REPORTERS = 2
const RATERS = 1

const folder = mkdtempSync(join(tmpdir(), 'antam-last-'))
const [code, dataDir] = [values.built ? resolve(values.built) : join(folder, 'code'), join(folder, 'data')]
const release = releaseIn(code)
const failures: string[] = []
const began = performance.now()
const secondsSince = (at: number) => Math.round((performance.now() - at) / 100) / 10

/** The successes that people were told of up to the end of a step, the forms sent again so far, and the step's seconds. */
type Step = Readonly<Record<'reports' | 'ratings' | 'sentAnew', number>> & { readonly seconds: number }

try {
  await buildWhenStale()
  if (!values.built) await buildRelease(release, commit)
  console.log(`${commit.slice(0, 10)} is built after ${secondsSince(began)} s`)
  await layOut(release, dataDir)
  const site = await startSite(release, dataDir)
  Object.assign(process.env, { E2E_URL: site.balancer.url, E2E_DATA_DIR: dataDir })
  try {
    const [{ People }, { judgeKept, judgeLog }, { untilBlocked }] = await Promise.all([
      import('./site/load.ts'),
      import('./site/judge.ts'),
      import('./site/site.ts'),
    ])
    const { query, carriers } = site
    const people = new People({ query, sms: null })
    let sentAnew = 0
    sendAnewWhereRenewed(() => {
      sentAnew++
    })
    await people.signIn()
    const living = people.live(REPORTERS, RATERS)
    await sleep(PAUSE_MS)
    const { filed, rated } = people.told
    const steps: Record<string, Step> = {}
    const step = async (name: string, work: () => Promise<void>) => {
      const before = performance.now()
      await work()
      const seconds = secondsSince(before)
      await sleep(PAUSE_MS)
      steps[name] = { seconds, reports: filed.length, ratings: rated.length, sentAnew }
      console.log(`${name}: ${seconds} s`)
    }
    await step('migrated beside it', async () => {
      console.log(sayMigrated(await migrate(site.owner, site.application)))
    })
    await step('replaced by this version', () => site.roll(resolve('.')))
    await step('gone back', () => site.roll(code))
    people.enough()
    await living
    await untilBlocked(
      query,
      filed.map(({ number }) => number),
    )
    failures.push(...(await judgeKept({ query, sms: null, dataDir, carriers }, people.told)))
    process.env.DATABASE_URL = site.application
    failures.push(...(await judgeLog(join(dataDir, 'checkpoints'))))
    if (values.journeys) {
      const { passed, said } = await travel(release, site.balancer.url, dataDir)
      console.log(said.trim().split('\n').at(-1))
      if (!passed) failures.push(`its own journeys:\n${said}`)
    }
    failures.push(...site.fell, ...site.balancer.failures)
    const found = { steps, reports: filed.length, ratings: rated.length, answers: site.balancer.counts }
    console.log(JSON.stringify(found))
    mkdirSync('bench/results', { recursive: true })
    writeFileSync(
      'bench/results/faults-upgrade.json',
      `${JSON.stringify({ at: new Date().toISOString(), commit, ...found, failures }, null, 2)}\n`,
    )
  } finally {
    await site.stop()
  }
} catch (error) {
  failures.push((error as Error).message)
} finally {
  if (!values.built) await run('git', ['worktree', 'remove', '--force', code])
  rmSync(folder, { recursive: true, force: true })
}
for (const failure of failures.slice(0, 20)) console.log(`✗ ${failure}`)
console.log(
  failures.length === 0
    ? 'The last release and this one live beside each other.'
    : `${failures.length} failures`,
)
process.exit(failures.length === 0 ? 0 : 1)
