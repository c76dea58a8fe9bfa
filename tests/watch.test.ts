import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { beginMetrics, GAUGES, type GaugeName } from '#platform/metrics-registry.ts'

const rules = readFileSync('deploy/prometheus/alerts.yaml', 'utf8')
const dashboard = JSON.parse(readFileSync('deploy/grafana/an-tam.json', 'utf8'))
const operations = readFileSync('docs/operations.md', 'utf8')
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

test('every alert has its line in docs/operations.md, and every line its alert', () => {
  const told = [...operations.matchAll(/^\| (AnTam\w+) \| [^|]{20,} \| [^|]{10,} \|$/gm)].map(
    ([, name]) => name,
  )
  expect(told).toEqual(alerts)
})
