import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPromtool } from '../scripts/debian.ts'

/** One sample in Prometheus's text format, with unparsed labels. */
interface Sample {
  readonly name: string
  readonly labels: string
  readonly value: number
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/

export function samplesOf(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = LINE.exec(line) ?? []
    return name && value !== 'Nan' && !line.startsWith('#') ? [{ name, labels, value: Number(value) }] : []
  })
}

const keyOf = ({ name, labels }: Sample): string => `${name}{${labels}}`

/** Returns the names of the counters and histograms in a scrape, whose values only grow. */
const growing = (text: string): ReadonlySet<string> =>
  new Set(
    [...text.matchAll(/^# TYPE (\S+) (counter|histogram)$/gm)].flatMap(([, name = '']) => [
      name,
      ...['_bucket', '_sum', '_count'].map((end) => name + end),
    ]),
  )

/**
 * Scrapes of a process a minute apart, before a fault and during it. An empty text means no answer. Several texts
 * in `after` are consecutive minutes, for a process that restarts again and again; the last one continues.
 */
export interface Seen {
  readonly job: 'an-tam-web' | 'an-tam-worker'
  readonly before: string
  readonly after: string | readonly [string, ...string[]]
}

const MINUTES = 50

const valuesOf = (text: string): ReadonlyMap<string, Sample> =>
  new Map(samplesOf(text).map((sample) => [keyOf(sample), sample]))

/** Returns the series that Prometheus would have if the fault continued, with a sample a minute. */
function seriesOf({ job, before, after }: Seen): { series: string; values: string }[] {
  const minutes = typeof after === 'string' ? [after] : after
  const between = minutes.slice(0, -1).map(valuesOf)
  const grows = growing(before + minutes.at(-1))
  const first = valuesOf(before)
  const last = valuesOf(minutes.at(-1) ?? '')
  const up = {
    series: `up{job="${job}",instance="here"}`,
    values: `1x5 ${minutes.map((text) => (text === '' ? 0 : 1)).join(' ')}x${MINUTES}`,
  }
  const others = [...new Map([...first, ...last])].map(([key, { name, labels }]) => {
    const from = first.get(key)?.value
    const to = last.get(key)?.value
    const start = [
      from === undefined ? (grows.has(name) ? '0x5' : '_x5') : `${from}x5`,
      ...between.map((minute) => minute.get(key)?.value ?? '_'),
    ].join(' ')
    // A restarted process counts from zero.
    const rise = Math.max(0, (to ?? 0) - (from ?? 0))
    const rest =
      to === undefined ? `_x${MINUTES}` : grows.has(name) ? `${to}+${rise}x${MINUTES}` : `${to}x${MINUTES}`
    return {
      series: `${name}{${labels}${labels ? ',' : ''}job="${job}",instance="here"}`,
      values: `${start} ${rest}`,
    }
  })
  return [up, ...others]
}

export const RULES = 'deploy/prometheus/alerts.yaml'

const promtool = findPromtool()

/** Returns whether promtool, Prometheus's rule tester, is available. `npm test` downloads it if possible. */
export const hasPromtool = (): boolean => promtool !== null

/** A test in the format of `promtool test rules`. */
export interface RuleTest {
  readonly name?: string
  readonly interval: '1m'
  readonly input_series: readonly { readonly series: string; readonly values: string }[]
  readonly promql_expr_test: readonly {
    readonly expr: string
    readonly eval_time: string
    readonly exp_samples: readonly { readonly labels: string; readonly value: number }[]
  }[]
}

/** Runs tests over rules, by default the delivered ones. Returns promtool's report, which is empty if all pass. */
export function testRules(tests: readonly RuleTest[], rules = readFileSync(RULES, 'utf8')): string {
  if (promtool === null) throw new Error('there is no promtool')
  const folder = mkdtempSync(join(tmpdir(), 'an-tam-rules-'))
  try {
    writeFileSync(join(folder, 'alerts.yaml'), rules)
    const file = join(folder, 'test.yaml')
    // JSON is valid YAML.
    writeFileSync(file, JSON.stringify({ rule_files: ['alerts.yaml'], evaluation_interval: '1m', tests }))
    const { stdout, stderr, status } = spawnSync(promtool, ['test', 'rules', file], { encoding: 'utf8' })
    const said = stdout + stderr
    if (status !== 0 && !said.includes('got:')) throw new Error(said)
    return status === 0 ? '' : said
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Lists the alerts that had one of these states within 45 minutes of a fault, as promtool evaluates the rules. */
export function alertsAfter(seen: readonly Seen[], states = 'firing'): string[] {
  const expr = `count by (alertname) (max_over_time(ALERTS{alertstate=~"${states}"}[50m]))`
  const input_series = seen.flatMap(seriesOf)
  // Expects an empty result on purpose. promtool's report of the difference contains the real result.
  const promql_expr_test = [{ expr, eval_time: '50m', exp_samples: [] }]
  const said = testRules([{ interval: '1m', input_series, promql_expr_test }])
  return [...said.matchAll(/alertname="(\w+)"/g)].map(([, name = '']) => name).toSorted()
}
