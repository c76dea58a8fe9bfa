import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** One sample of Prometheus's text form, with its labels unparsed. */
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

/** The names in a scrape whose figures only grow. */
const growing = (text: string): ReadonlySet<string> =>
  new Set(
    [...text.matchAll(/^# TYPE (\S+) (counter|histogram)$/gm)].flatMap(([, name = '']) => [
      name,
      ...['_bucket', '_sum', '_count'].map((end) => name + end),
    ]),
  )

/**
 * A process as Prometheus saw it, a minute apart: before a fault, and with it. Empty text: it did not answer. Several
 * texts in `after` are minute by minute, as for a process that restarts again and again; the last one lasts.
 */
export interface Seen {
  readonly job: 'an-tam-web' | 'an-tam-worker'
  readonly before: string
  readonly after: string | readonly [string, ...string[]]
}

const MINUTES = 50

const valuesOf = (text: string): ReadonlyMap<string, Sample> =>
  new Map(samplesOf(text).map((sample) => [keyOf(sample), sample]))

/** The series that Prometheus would have if a fault went on as it began, a sample a minute. */
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
    // A process that was started again counts from nothing.
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

const RULES = 'deploy/prometheus/alerts.yaml'

/** Tells whether this machine has Debian's `prometheus`, whose tester evaluates the rules. */
export const hasPromtool = (): boolean => spawnSync('promtool', ['--version']).status === 0

/** Lists the alerts that fired within 45 minutes of a fault, as Prometheus's own tester evaluates the rules. */
export function alertsAfter(seen: readonly Seen[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'an-tam-rules-'))
  try {
    copyFileSync(RULES, join(folder, 'alerts.yaml'))
    const expr = 'count by (alertname) (max_over_time(ALERTS{alertstate="firing"}[50m]))'
    const test = {
      rule_files: ['alerts.yaml'],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: seen.flatMap(seriesOf),
          // The result of the rules is read from the difference to an expected empty one.
          promql_expr_test: [{ expr, eval_time: '50m', exp_samples: [] }],
        },
      ],
    }
    const file = join(folder, 'test.yaml')
    // JSON is YAML.
    writeFileSync(file, JSON.stringify(test))
    const { stdout, stderr, status } = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' })
    const said = stdout + stderr
    if (status !== 0 && !said.includes('got:')) throw new Error(said)
    return [...said.matchAll(/alertname="(\w+)"/g)].map(([, name = '']) => name).toSorted()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
