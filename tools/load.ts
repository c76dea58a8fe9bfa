/**
 * `npm run load -- --cases N` (or `--responses N`, or both): fills a database with N cases or survey answers, to measure
 * the product and to see it under load. The database may have none of its own yet, except those of the demo city. Without
 * DATABASE_URL it is the one under DATA_DIR, whose `npm start` must not be running; otherwise it needs DATABASE_OWNER_URL
 * (or DATABASE_URL of the owner) and the product's secrets.
 */
import { chmodSync, mkdirSync } from 'node:fs'
import { takeFromFiles } from '#platform/env.ts'
import { endWithUsage, readArguments } from '../scripts/arguments.ts'
import { startEmbedded } from '../scripts/embedded.ts'
import { migrate } from '../scripts/migrate.ts'
import { secrets } from '../scripts/secrets.ts'
import { lockDataDir } from '../scripts/start-lock.ts'
import { fill } from './load/fill.ts'
import { fillSurvey } from './load/survey.ts'

const USAGE =
  'usage: npm run load -- [--cases N [--open SHARE]] [--responses N]\n  N: up to 10000000; SHARE of the cases that still wait: 0 to 1'
const { values: flags } = readArguments(USAGE, {
  options: {
    cases: { type: 'string', default: '0' },
    responses: { type: 'string', default: '0' },
    open: { type: 'string', default: '0.05' },
  },
})
const cases = Number(flags.cases)
const responses = Number(flags.responses)
const open = Number(flags.open)
const isAmount = (number: number) => Number.isInteger(number) && number >= 0 && number <= 10_000_000
if (!isAmount(cases) || !isAmount(responses) || cases + responses === 0 || !(open >= 0 && open <= 1))
  endWithUsage(USAGE)

async function embedded() {
  const dataDir = process.env.DATA_DIR || '.data'
  mkdirSync(dataDir, { recursive: true })
  chmodSync(dataDir, 0o711)
  await lockDataDir(dataDir)
  const { database, ...keys } = secrets(dataDir)
  const { server, ...urls } = await startEmbedded(dataDir, database)
  Object.assign(process.env, { ...keys, ...process.env, ...urls })
  return server
}

takeFromFiles(process.env)
const server = process.env.DATABASE_URL ? null : await embedded()
try {
  const { DATABASE_URL = '', DATABASE_OWNER_URL } = process.env
  const owner = DATABASE_OWNER_URL || DATABASE_URL
  await migrate(owner, DATABASE_URL)
  const started = performance.now()
  let said = 0
  if (cases > 0) {
    await fill(owner, { cases, open, heavy: null }, (done) => {
      if (done - said < 50_000 && done < cases) return
      said = done
      console.error(`${done} of ${cases} cases written …`)
    })
  }
  if (responses > 0) {
    await fillSurvey(owner, responses, (done) => console.error(`${done} of ${responses} answers written …`))
  }
  const seconds = Math.round((performance.now() - started) / 1000)
  console.log(`Loaded ${cases} cases and ${responses} answers in ${seconds} s.`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
await server?.stop()
process.exit()
