/**
 * `npm run faults -- exchange [--kills N] [--carrier-kills N] [--seed N]`: carries orders through a storm of faults and
 * then compares what every side has written down. Exits with 1 when anything was lost, doubled or late. Its short form is part of
 * `npm run test:full`; see docs/performance.md.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { median } from '../../bench/measure.ts'
import { buildWhenStale } from '../../scripts/build.ts'
import { exchange, type Run } from './exchange/exchange.ts'

const RESUMED_WITHIN_SECONDS = 60

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string', default: '200' },
    'carrier-kills': { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
})
const wanted = {
  seed: Number(flags.seed),
  kills: Number(flags.kills),
  carrierKills: Number(flags['carrier-kills'] ?? flags.kills),
}
if (
  positionals.join() !== 'exchange' ||
  Object.values(wanted).some((value) => !Number.isInteger(value) || value < 0)
) {
  console.error('usage: npm run faults -- exchange [--kills N] [--carrier-kills N] [--seed N]')
  process.exit(2)
}

/** The slowest of one kind of process, and the usual one. */
function tellResumptions({ resumptions }: Run): void {
  for (const [kind, own] of Map.groupBy(resumptions, ({ process: name }) =>
    name === 'web' || name === 'worker' ? name : 'carrier',
  )) {
    const seconds = own.map((one) => one.seconds)
    console.log(
      `${kind} back at work: ${median(seconds).toFixed(1)} s after its end (median of ${seconds.length}), ${Math.max(...seconds).toFixed(1)} s at most`,
    )
  }
}

function tell(run: Run): void {
  console.log(
    `\nexchange, seed ${run.seed}: ${run.cases} cases in ${run.minutes.toFixed(1)} minutes; clocks ${run.clocks}`,
  )
  console.log(
    Object.entries(run.counts)
      .map(([what, count]) => `${what} ${count}`)
      .join(', '),
  )
  const acts = Object.entries(run.attempts).map(([act, { ok, failed, unknown }]) => [
    act,
    ok,
    failed,
    unknown,
  ])
  for (const row of [['', 'ok', 'failed', 'unknown'], ...acts])
    console.log(
      row.map((cell, at) => (at === 0 ? String(cell).padEnd(18) : String(cell).padStart(8))).join(''),
    )
  tellResumptions(run)
  console.log(`all settled ${run.settledSeconds.toFixed(1)} s after the last fault`)
  for (const fault of run.faults.slice(0, 50)) console.log(`✗ ${fault}`)
  console.log(run.faults.length === 0 ? 'Nothing lost, nothing done twice.' : `${run.faults.length} faults`)
}

await buildWhenStale()
const run = await exchange(wanted, (text) => console.error(text))
const slow = [run.settledSeconds, ...run.resumptions.map(({ seconds }) => seconds)].filter(
  (seconds) => seconds > RESUMED_WITHIN_SECONDS,
)
const judged =
  slow.length === 0 ? run : { ...run, faults: [...run.faults, `${slow.length} came back after a minute`] }
tell(judged)
mkdirSync('bench/results', { recursive: true })
const { resumptions: _, ...kept } = judged
const slowest = Math.max(...run.resumptions.map(({ seconds }) => seconds))
const result = { at: new Date().toISOString(), ...kept, slowestResumptionSeconds: slowest }
writeFileSync('bench/results/faults-exchange.json', `${JSON.stringify(result, null, 2)}\n`)
process.exit(judged.faults.length === 0 ? 0 : 1)
