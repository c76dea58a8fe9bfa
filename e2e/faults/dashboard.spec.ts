import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@playwright/test'
import { freePort } from '../../scripts/free-port.ts'
import { run } from '../../scripts/run.ts'
import { newAnswers } from '../answers.ts'
import { blocked, visitor } from '../forms/people.ts'
import { type Product, startProduct } from '../product.ts'
import { draw, type Panel } from './dashboard/drawing.ts'
import { hasPrometheus, Prometheus, type Series } from './dashboard/prometheus.ts'
import { RATING } from './site/load.ts'

test.describe.configure({ mode: 'serial', timeout: 600_000 })
test.skip(!hasPrometheus(), 'Prometheus is not here (Debian’s package `prometheus`)')

const { panels } = JSON.parse(readFileSync('deploy/grafana/an-tam.json', 'utf8')) as { panels: Panel[] }

/** Panels that may be empty while all is well, because the events that they count have not happened or the count is zero. */
const EMPTY_WHEN_WELL: readonly string[] = [
  'Failed on our side, by route',
  'Jobs that wait',
  'Oldest job',
  'Refused, and not to be read',
  'Log lines a minute, warnings and errors',
]
/** Long enough to compute a rate of each counter. */
const SECONDS = 30

let product: Product
let prometheus: Prometheus
const shared = { E2E_URL: process.env.E2E_URL, E2E_DATA_DIR: process.env.E2E_DATA_DIR }
test.beforeAll(async () => {
  const port = await freePort()
  // `npm start` serves the metrics of its worker on the next port.
  product = await startProduct({ METRICS_PORT: String(port), PORT: String(await freePort()) })
  Object.assign(process.env, { E2E_URL: product.url, E2E_DATA_DIR: product.dataDir })
  prometheus = await Prometheus.start(port, port + 1)
})
test.afterAll(async () => {
  await prometheus?.stop()
  Object.assign(process.env, shared)
  await product?.stop()
})

test('every panel of the dashboard shows something of a product that is used, and no rule fails or fires', async ({
  browser,
}) => {
  await blocked(newAnswers())
  const rater = visitor()
  expect((await rater.submit(await rater.open('/danh-gia/quan-3'), 'name="r1"', RATING)).status).toBe(303)
  const backups = join(product.dataDir, 'backups')
  const backup = await run(process.execPath, ['scripts/backup.ts', backups], { DATA_DIR: product.dataDir })
  expect(backup.code, backup.output).toBe(0)
  const until = performance.now() + SECONDS * 1000
  for (let nth = 0; performance.now() < until; nth++) {
    await visitor().open(['/', '/ket-qua', '/bao-mat-may', '/khong-co-trang-nay'][nth % 4] ?? '/')
    await sleep(200)
  }
  const answers = new Map<Panel, Series[][]>()
  const silent: string[] = []
  for (const panel of panels) {
    const series: Series[][] = []
    for (const { expr } of panel.targets ?? []) series.push([...(await prometheus.over(expr, 5))])
    answers.set(panel, series)
    if (panel.type !== 'row' && series.every((one) => one.length === 0)) silent.push(panel.title)
  }
  const page = await browser.newPage({ viewport: { width: 1216, height: 1200 } })
  await page.setContent(draw(panels, answers))
  await page.screenshot({ path: test.info().outputPath('dashboard.png'), fullPage: true })
  await page.close()
  expect(silent.filter((title) => !EMPTY_WHEN_WELL.includes(title))).toEqual([])

  const rules = await prometheus.rules()
  expect(rules.length).toBeGreaterThan(20)
  expect(
    rules.filter(({ health }) => health !== 'ok').map(({ name, lastError }) => [name, lastError]),
  ).toEqual([])
  expect(rules.filter(({ state }) => state === 'firing').map(({ name }) => name)).toEqual([])
})
