/**
 * `npm test`: everything: the check of every commit, database tests, and browser tests on a build of their own. The
 * closing line is `N passed, N failed`, counted by the runners; a step that is not made of tests counts when it fails.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { buildWhenStale } from './build.ts'
import { check } from './check.ts'
import { ensureChromium } from './chromium.ts'
import { run } from './run.ts'

const REPORTS = 'test-results'

interface Count {
  readonly passed: number
  readonly failed: number
}

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'))
const ONE_FAILURE: Count = { passed: 0, failed: 1 }

/** Files that could not even be loaded have no failed test, but the run has not succeeded. */
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

async function databaseStep(): Promise<Count> {
  const report = `${REPORTS}/database.json`
  const args = [
    'run',
    '--project',
    'database',
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

async function browserStep(): Promise<Count> {
  try {
    ensureChromium()
    await buildWhenStale()
  } catch (error) {
    console.error(`\n✗ browser tests: ${(error as Error).message}`)
    return ONE_FAILURE
  }
  const { code, output, seconds } = await run('playwright', ['test'])
  if (code !== 0) console.error(`\n✗ browser tests\n${output.trim()}`)
  else console.log(`Browser tests passed (${seconds.toFixed(1)} s)`)
  return playwrightCount(`${REPORTS}/playwright.json`, code)
}

rmSync(REPORTS, { recursive: true, force: true })
mkdirSync(REPORTS)
const counts: Count[] = []
for (const step of [checkStep, databaseStep, browserStep]) counts.push(await step())
const passed = counts.reduce((sum, count) => sum + count.passed, 0)
const failed = counts.reduce((sum, count) => sum + count.failed, 0)
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
