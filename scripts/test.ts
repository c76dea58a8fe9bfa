/**
 * `npm test`: the check of every commit, tests with a database and other slow ones, and browser tests on their own build.
 * `npm run test:full` (`--full`) adds every journey in every mode, the tests that kill processes, thousands of cases per
 * property, the tests that read a clock at twelve moments (moments.ts), and two storms of faults: over the exchange, and
 * over a whole site. The closing line is `N passed, N failed`, counted by the runners; a step that is not made of tests
 * counts when it fails.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { readArguments } from './arguments.ts'
import { buildWhenStale } from './build.ts'
import { check } from './check.ts'
import { ensureChromium } from './chromium.ts'
import { ensurePython, fetchFaketime, fetchPromtool } from './debian.ts'
import { atEachMoment } from './moments.ts'
import { run } from './run.ts'

const { full } = readArguments(
  'usage: npm test, or: npm run test:full (some tests alone: CONTRIBUTING.md, Tests)',
  { options: { full: { type: 'boolean', default: false } } },
).values
// Read by playwright.config.ts and tests/runs.ts.
if (full) process.env.TEST_FULL = '1'
// A run starts hundreds of processes: with compiled modules a command loads in half the time.
process.env.NODE_COMPILE_CACHE ??= resolve('node_modules/.cache/node')

/**
 * The niceness of the build, so that it does not slow the database tests: some of them wait for a connection only as long
 * as a person would.
 */
const BUILD_NICENESS = 10
const REPORTS = 'test-results'

interface Count {
  readonly passed: number
  readonly failed: number
}

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'))
const ONE_FAILURE: Count = { passed: 0, failed: 1 }

/** A file that could not be loaded has no failed test, but the run still failed. */
function vitestCount(file: string): Count {
  if (!existsSync(file)) return ONE_FAILURE
  const { numPassedTests, numFailedTests, success } = read(file)
  return { passed: numPassedTests, failed: success ? 0 : Math.max(1, numFailedTests) }
}

function playwrightCount(file: string, code: number): Count {
  if (!existsSync(file)) return ONE_FAILURE
  const { expected, unexpected, flaky } = read(file).stats
  return { passed: expected, failed: code === 0 ? 0 : Math.max(1, unexpected + flaky) }
}

async function checkStep(): Promise<Count> {
  const report = `${REPORTS}/unit.json`
  const failed = await check(report)
  const tests = vitestCount(report)
  return { ...tests, failed: tests.failed + failed.filter((name) => name !== 'unit tests').length }
}

/** Runs the tests on PostgreSQL and, beside them, the slow tests that need only the processor. */
async function databaseStep(): Promise<Count> {
  const report = `${REPORTS}/database.json`
  const args = [
    'run',
    '--project',
    'database*',
    '--project',
    'slow',
    '--reporter',
    'dot',
    '--reporter',
    'json',
    '--outputFile',
    report,
  ]
  const { code, output, seconds } = await run('vitest', args)
  if (code !== 0) console.error(`\n✗ database tests\n${output.trim()}`)
  else console.log(`Database tests passed (${seconds.toFixed(1)} s)`)
  return vitestCount(report)
}

async function faultOf(prepare: () => unknown): Promise<string | null> {
  try {
    await prepare()
    return null
  } catch (error) {
    return (error as Error).message
  }
}

async function browserStep(problem: string | null): Promise<Count> {
  if (problem !== null) {
    console.error(`\n✗ browser tests: ${problem}`)
    return ONE_FAILURE
  }
  const { code, output, seconds } = await run('playwright', ['test'])
  if (code !== 0) console.error(`\n✗ browser tests\n${output.trim()}`)
  else console.log(`Browser tests passed (${seconds.toFixed(1)} s)`)
  return playwrightCount(`${REPORTS}/playwright.json`, code)
}

/** Runs a short storm of faults, and compares the records of all sides afterwards. */
async function stormStep(...storm: readonly string[]): Promise<Count> {
  const { code, output, seconds } = await run('node', ['e2e/faults/run.ts', ...storm])
  if (code !== 0) console.error(`\n✗ storm: ${storm.join(' ')}\n${output.trim()}`)
  else console.log(`Storm passed: ${storm.join(' ')} (${seconds.toFixed(1)} s)`)
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 }
}

/** Runs the tests that read a clock at each of the twelve moments; failures are printed with their moment. */
async function clockStep(library: string): Promise<Count> {
  const began = performance.now()
  const count = { passed: 0, failed: 0 }
  for await (const { moment, projects } of atEachMoment(library, REPORTS)) {
    for (const { report, code, output } of projects) {
      if (code !== 0) console.error(`\n✗ at ${moment}\n${output.trim()}`)
      const { passed, failed } = vitestCount(report)
      count.passed += passed
      count.failed += failed
    }
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  if (count.failed === 0) console.log(`Tests at twelve moments passed (${seconds} s)`)
  return count
}

rmSync(REPORTS, { recursive: true, force: true })
mkdirSync(REPORTS)
// The tests of the check use promtool.
if (fetchPromtool() === null)
  console.log(
    'Alert rules are not evaluated: there is no promtool, and none could be fetched (Debian: prometheus)',
  )
// Database tests run verify/ with Python, as outsiders do.
if (!ensurePython()) console.log('There is no python3, and none could be installed: tests of verify/ fail')
const noBrowser = await faultOf(ensureChromium)
const counts = [await checkStep()]
// Database tests mostly wait for PostgreSQL, so the build uses the idle processor.
const [database, notBuilt] = await Promise.all([
  databaseStep(),
  faultOf(() => buildWhenStale('.', undefined, BUILD_NICENESS)),
])
counts.push(database, await browserStep(noBrowser ?? notBuilt))
if (full) {
  const library = fetchFaketime()
  if (library === null)
    console.log('No clock is moved: there is no libfaketime, and none could be fetched (Debian: libfaketime)')
  else counts.push(await clockStep(library))
  counts.push(await stormStep('exchange', '--kills', '20'))
  // Each kind of fault once: a shorter storm would leave some to chance.
  counts.push(await stormStep('site'))
}
const passed = counts.reduce((sum, count) => sum + count.passed, 0)
const failed = counts.reduce((sum, count) => sum + count.failed, 0)
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
