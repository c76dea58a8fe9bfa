/**
 * `npm run faults -- exchange [--kills N] [--carrier-kills N] [--seed N]`: sends orders through a storm of faults, and then
 * compares the records of every side. `npm run faults -- site [--faults N] [--seed N] [--store s3|disk] [--only PART …]`:
 * runs a site with two of everything under load while one part after the other fails. It causes each kind of fault once, or
 * as many faults as given; `--only` chooses the kinds by a part of their name. Exits with 1 if anything was lost, doubled
 * or late. Both are part of `npm run test:full`, the first in a short form; see docs/performance.md.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { median } from '../../bench/measure.ts'
import { endWithUsage, readArguments } from '../../scripts/arguments.ts'
import { buildWhenStale } from '../../scripts/build.ts'
import { exchange, type Run } from './exchange/exchange.ts'
import { type Run as SiteRun, site } from './site/site.ts'
import { STORES } from './site/stage.ts'

const BACK_WITHIN_SECONDS = 60

const USAGE =
  'usage: npm run faults -- exchange [--kills N] [--carrier-kills N] [--seed N]\n       npm run faults -- site [--faults N] [--seed N] [--store s3|disk] [--only PART …]'
const { values: flags, positionals } = readArguments(USAGE, {
  allowPositionals: true,
  options: {
    kills: { type: 'string', default: '200' },
    'carrier-kills': { type: 'string' },
    faults: { type: 'string' },
    store: { type: 'string' },
    only: { type: 'string', multiple: true, default: [] },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
})
const [run, ...rest] = positionals
const wanted = {
  seed: Number(flags.seed),
  kills: Number(flags.kills),
  carrierKills: Number(flags['carrier-kills'] ?? flags.kills),
  faults: flags.faults === undefined ? null : Number(flags.faults),
}
const store = STORES.find((one) => one === flags.store)
if (
  (flags.store !== undefined && store === undefined) ||
  rest.length > 0 ||
  (run !== 'exchange' && run !== 'site') ||
  Object.values(wanted).some((value) => value !== null && (!Number.isInteger(value) || value < 0))
)
  endWithUsage(USAGE)

function tellTimes(
  times: readonly { readonly name: string; readonly seconds: number }[],
  what: string,
): void {
  for (const [name, own] of Map.groupBy(times, (one) => one.name)) {
    const seconds = own.map((one) => one.seconds)
    console.log(
      `${name}: ${what} after ${median(seconds).toFixed(1)} s (median of ${seconds.length}), ${Math.max(...seconds).toFixed(1)} s at most`,
    )
  }
}

const tellCounts = (counts: Readonly<Record<string, number>>): void =>
  console.log(
    Object.entries(counts)
      .map(([what, count]) => `${what} ${count}`)
      .join(', '),
  )

function tellFaults(faults: readonly string[]): void {
  for (const fault of faults.slice(0, 50)) console.log(`✗ ${fault}`)
  console.log(faults.length === 0 ? 'Nothing lost, nothing done twice.' : `${faults.length} faults`)
}

const pathOf = (name: string): string => `bench/results/faults-${name}.json`

const keptOf = (name: string): object =>
  existsSync(pathOf(name)) ? JSON.parse(readFileSync(pathOf(name), 'utf8')) : {}

function keep(name: string, result: object): void {
  mkdirSync('bench/results', { recursive: true })
  writeFileSync(pathOf(name), `${JSON.stringify({ ...result, at: new Date().toISOString() }, null, 2)}\n`)
}

/** Returns the losses and doubles, and the recoveries that took more than a minute. */
const judged = (faults: readonly string[], seconds: readonly number[]): readonly string[] => {
  const slow = seconds.filter((one) => one > BACK_WITHIN_SECONDS)
  return slow.length === 0 ? faults : [...faults, `${slow.length} came back after a minute`]
}

function tellExchange(run: Run): readonly string[] {
  console.log(
    `\nexchange, seed ${run.seed}: ${run.cases} cases in ${run.minutes.toFixed(1)} minutes; clocks ${run.clocks}`,
  )
  tellCounts(run.counts)
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
  const times = run.resumptions.map(({ process: name, seconds }) => ({
    name: name === 'web' || name === 'worker' ? name : 'carrier',
    seconds,
  }))
  tellTimes(times, 'back at work')
  console.log(`all settled ${run.settledSeconds.toFixed(1)} s after the last fault`)
  const seconds = run.resumptions.map((one) => one.seconds)
  const faults = judged(run.faults, [run.settledSeconds, ...seconds])
  tellFaults(faults)
  const { resumptions: _, ...kept } = run
  keep('exchange', { ...kept, faults, slowestResumptionSeconds: Math.max(...seconds) })
  return faults
}

function tellSite(run: SiteRun): readonly string[] {
  console.log(
    `\nsite, seed ${run.seed}, evidence on ${run.store}: ${run.faults} faults in ${run.minutes.toFixed(1)} minutes; clocks ${run.clocks}`,
  )
  for (const why of run.impossible) console.log(`left out: ${why}`)
  tellCounts(run.counts)
  tellTimes(
    run.recoveries.map(({ fault, seconds }) => ({ name: fault, seconds })),
    'whole again',
  )
  console.log(`every phone blocked ${run.settledSeconds.toFixed(1)} s after the last fault`)
  const faults = judged(
    run.wrong,
    run.recoveries.map(({ seconds }) => seconds),
  )
  tellFaults(faults)
  // Only complete runs are kept, the last one on each store.
  if (run.only.length === 0) keep('site', { ...keptOf('site'), [run.store]: { ...run, wrong: faults } })
  return faults
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
await buildWhenStale()
const say = (text: string) => console.error(text)
const faults =
  run === 'exchange'
    ? tellExchange(await exchange(wanted, say))
    : tellSite(await site({ seed: wanted.seed, faults: wanted.faults, store, only: flags.only }, say))
process.exit(faults.length === 0 ? 0 : 1)
