import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { beginMetrics, GAUGES, type GaugeName } from '#platform/metrics-registry.ts'

const rules = readFileSync('deploy/prometheus/alerts.yaml', 'utf8')
const dashboard = JSON.parse(readFileSync('deploy/grafana/an-tam.json', 'utf8'))
const alerts = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name)

/** Every name that `/metrics` can show. */
const { registry, set } = beginMetrics()
for (const name of Object.keys(GAUGES) as GaugeName[]) set(name, [])
const shown = new Set(
  (await registry.getMetricsAsJSON()).flatMap(({ name }) => [
    name,
    ...['_bucket', '_sum', '_count'].map((end) => name + end),
  ]),
)

const EXPRESSION = /\b(?:antam|nodejs|process)_\w+/g
const expressions = [
  ...[...rules.matchAll(/^\s+expr: (>\n(?:\s{10,}.*\n)+|.*)/gm)].map(([, expr = '']) => expr),
  ...JSON.stringify(dashboard)
    .matchAll(/"expr":"((?:[^"\\]|\\.)*)"/g)
    .map(([, expr = '']) => expr),
]

test('rules and dashboard name only figures that the product shows', () => {
  expect(expressions.length).toBeGreaterThan(40)
  const named = new Set(expressions.flatMap((expr) => expr.match(EXPRESSION) ?? []))
  expect([...named].filter((name) => !shown.has(name))).toEqual([])
})

test('every figure of ours is in a rule or on the dashboard', () => {
  const named = new Set(expressions.flatMap((expr) => expr.match(EXPRESSION) ?? []))
  const ours = [...shown].filter((name) => name.startsWith('antam_') && !/_(bucket|sum|count)$/.test(name))
  const looked = (name: string) => [name, `${name}_bucket`, `${name}_count`].some((one) => named.has(one))
  expect(ours.filter((name) => !looked(name))).toEqual([])
})

describe('every alert has its runbook', () => {
  const FOLDER = 'docs/runbooks'
  const pageOf = (name: string): string => readFileSync(`${FOLDER}/${name}.md`, 'utf8')

  test('and every runbook its alert', () => {
    const pages = readdirSync(FOLDER).filter((name) => name !== 'README.md')
    expect(pages.toSorted()).toEqual(alerts.map((name) => `${name}.md`).toSorted())
  })

  test('the rule names the page', () => {
    const named = [
      ...rules.matchAll(/- alert: (\w+)(?:\n(?!\n).*)*?\n +runbook_url: \S+\/docs\/runbooks\/(\w+)\.md\n/g),
    ]
    expect(named.map(([, alert, page]) => [alert, page])).toEqual(alerts.map((name) => [name, name]))
  })

  test.each(alerts)('%s says what it means and what to do first', (name) => {
    const parts = /^# (\w+)\n\n## What it means\n\n(\S[^#]{20,})\n\n## What to do\n\n1\. \S/.exec(
      pageOf(name),
    )
    expect(parts?.[1]).toBe(name)
  })

  test('the index lists them with the severity of their rules', () => {
    const severities = [...rules.matchAll(/- alert: (\w+)[\s\S]*?severity: (\w+)/g)]
    const listed = [...pageOf('README').matchAll(/^\| \[(\w+)\]\(\1\.md\) \| (\w+) \|$/gm)]
    expect(listed.map(([, ...row]) => row)).toEqual(severities.map(([, ...row]) => row))
  })
})
