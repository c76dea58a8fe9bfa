/**
 * `npm run bench [-- NAME …] [--cases N]`: measures the product beside baselines taken in the same run, prints a table
 * and writes bench/results/NAME.json. See docs/performance.md.
 */
import { endWithUsage, readArguments } from '../scripts/arguments.ts'
import { buildWhenStale } from '../scripts/build.ts'
import { around } from './around.ts'
import { type Bed, makeBed } from './bed.ts'
import { changes } from './changes.ts'
import { check } from './check.ts'
import { crypto } from './crypto.ts'
import { dispatch } from './dispatch.ts'
import { events } from './events.ts'
import { exported } from './export.ts'
import { list } from './list.ts'
import { type Bench, isMet, tell } from './measure.ts'
import { pages } from './pages.ts'
import { papers } from './papers.ts'
import { phone } from './phone.ts'
import { photos } from './photos.ts'
import { processes } from './processes.ts'
import { queue } from './queue.ts'
import { rate } from './rate.ts'
import { report } from './report.ts'
import { reportToCity } from './report-city.ts'
import { results } from './results.ts'
import { seal } from './seal.ts'
import { timing } from './timing.ts'

const BENCHES: Readonly<Record<string, (bed: Bed, cases: number) => Promise<Bench>>> = {
  check,
  report,
  queue,
  crypto,
  pages,
  papers,
  phone,
  photos,
  processes,
  rate,
  results,
  export: exported,
  list,
  changes,
  dispatch,
  events,
  'report-city': reportToCity,
  seal,
  timing,
  around,
}

const USAGE = `usage: npm run bench [-- NAME …] [--cases N]\n  NAME: ${Object.keys(BENCHES).join(', ')}; N: 1000 or more`
const { values: flags, positionals } = readArguments(USAGE, {
  allowPositionals: true,
  options: { cases: { type: 'string', default: '1000000' } },
})
const cases = Number(flags.cases)
const names = positionals.length > 0 ? positionals : Object.keys(BENCHES)
const unknown = names.find((name) => !(name in BENCHES))
if (unknown || !Number.isInteger(cases) || cases < 1_000) endWithUsage(USAGE)

await buildWhenStale()
const bed = await makeBed()
let missed = 0
try {
  for (const name of names) {
    const bench = await BENCHES[name]?.(bed, cases)
    if (!bench) continue
    tell(bench)
    missed += bench.figures.filter((figure) => !isMet(figure)).length
  }
} finally {
  await bed.close()
}
if (missed > 0) console.log(`\n${missed} of the targets missed`)
process.exit(missed > 0 ? 1 : 0)
