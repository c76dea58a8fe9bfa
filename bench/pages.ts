import type { Browser } from '@playwright/test'
import type { PrismaClient } from '#generated/prisma/client.ts'
import { pathFor, type Route } from '#messages/paths.ts'
import { makeCase } from '../tests/factories/case.ts'
import { type Bed, DISTRICT, startBaseline, startWeb } from './bed.ts'
import { answerFrom, connect } from './connection.ts'
import { readyDraft } from './draft.ts'
import { askMuch } from './http.ts'
import { type Bench, difference, type Figure, interleave, median, medianTime, ratio } from './measure.ts'
import { signIn } from './sign-in.ts'
import { slowPage, startChromium } from './slow-phone.ts'

const CASES = 1_000
const ROUNDS = 12
/** Requests per round and page. */
const TIMES = 15
/** The allowed KB of script beyond the bare page's: for a public page, and for a staff page. */
const SCRIPT_ALLOWANCE = 30
const DESK_ALLOWANCE = 60
/** Answers to the survey, behind the results. */
const RESPONSES = 60_000
const CONNECTIONS = 8
const SECONDS = 2
/** The limit of the web server's memory after all requests, in MB. */
const MEMORY = { atMost: 400 } as const

const PAINTS = 5
/** The limit of the time to the first paint on a slow phone, in ms. */
const FIRST_PAINT = { atMost: 800 } as const

/** Every public page, with the minimum of its requests per second as a share of the bare page's. */
const PUBLIC = [
  ['home', '/', 0.6],
  ['report, first step', '/report', null],
  ['check', '/check', null],
  ['agencies', '/rate', null],
  ['questionnaire', { pathname: '/rate/[agency]', params: { agency: 'quan-7' } }, null],
  ['results', '/results', 0.5],
  ['results of an agency', { pathname: '/results/[agency]', params: { agency: 'quan-3' } }, 0.5],
  [
    'results of a question',
    { pathname: '/results/questions/[version]/[question]', params: { version: '1', question: 'r1' } },
    null,
  ],
  ['open data', '/results/data', null],
  ['questions', '/questions', null],
  ['figures', '/figures', null],
  ['ledger', '/ledger', null],
  ['verify', '/verify', null],
  ['find a case', '/track', null],
  ['blocked', '/blocked', null],
  ['help', '/help', null],
  ['privacy', '/privacy', null],
] as const satisfies readonly (readonly [string, Route, number | null])[]

interface Page {
  readonly url: string
  readonly cookie: string
  readonly allowance?: number
}

interface Weight {
  readonly total: number
  readonly script: number
}

/** Measures the transfer of a page to a new browser, in KB of 1000 bytes, headers included. */
async function weigh(browser: Browser, { url, cookie }: Page): Promise<Weight> {
  const context = await browser.newContext(cookie ? { extraHTTPHeaders: { cookie } } : {})
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  const types = new Map<string, string>()
  const weight = { total: 0, script: 0 }
  devtools.on('Network.responseReceived', ({ requestId, type }) => types.set(requestId, type))
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    weight.total += encodedDataLength / 1000
    if (types.get(requestId) === 'Script') weight.script += encodedDataLength / 1000
  })
  await devtools.send('Network.enable')
  const answer = await page.goto(url, { waitUntil: 'networkidle' })
  if (answer?.status() !== 200 || page.url() !== url) throw new Error(`${url} led to ${page.url()}`)
  await context.close()
  return weight
}

/** Measures the first paint of a page in a new browser on a slow phone, in ms. */
async function firstPaint(browser: Browser, { url, cookie }: Page): Promise<number> {
  const page = await slowPage(browser, cookie)
  try {
    await page.goto(url)
    // A page without scripts has often loaded before it is painted.
    return await page.evaluate(
      () =>
        new Promise<number>((seen) => {
          new PerformanceObserver((list) => {
            for (const { name, startTime } of list.getEntries())
              if (name === 'first-contentful-paint') seen(startTime)
          }).observe({ type: 'paint', buffered: true })
        }),
    )
  } finally {
    await page.context().close()
  }
}

const timeOf = ({ url, cookie }: Page) =>
  medianTime(TIMES, async () => {
    const answer = await fetch(url, { headers: { cookie }, redirect: 'manual' })
    await answer.arrayBuffer()
    if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`)
  })

async function deskPages(url: string, db: PrismaClient): Promise<Record<string, Page>> {
  const cookie = await signIn(url, db, 'city_police')
  const { number } = await makeCase({ unitId: DISTRICT })
  const page = (route: Route): Page => ({
    url: url + pathFor('vi', route),
    cookie,
    allowance: DESK_ALLOWANCE,
  })
  return {
    'desk, the queue': page('/admin/cases'),
    'desk, a case': page({ pathname: '/admin/cases/[number]', params: { number } }),
  }
}

/** Returns the page of a case that was just sent, opened by the link of its receipt. */
async function casePage(url: string): Promise<Page> {
  const { number, secret } = await makeCase({ unitId: DISTRICT })
  const entered = await fetch(`${url}/k/${number}.${secret}`, { redirect: 'manual' })
  const cookie = entered.headers
    .getSetCookie()
    .map((one) => one.split(';', 1)[0])
    .join('; ')
  return { url: url + pathFor('vi', { pathname: '/track/[number]', params: { number } }), cookie }
}

/**
 * Measures the requests per second of each public page with eight connections, compressed as for browsers, alternating
 * with the bare page.
 */
async function rates(bed: Bed): Promise<Figure[]> {
  const database = await bed.answers(RESPONSES)
  const product = await startWeb(database)
  const baseline = await startBaseline(database)
  const rateOf = (url: string, path: string) => async () => {
    const asked = {
      url,
      path: () => path,
      address: () => '203.0.113.7',
      connections: CONNECTIONS,
      seconds: SECONDS,
    }
    const { requests, seconds } = await askMuch({
      ...asked,
      headers: { 'accept-encoding': 'gzip, deflate, br' },
    })
    return requests / seconds
  }
  try {
    const figures: Figure[] = []
    for (const [name, route, least] of PUBLIC) {
      const times = await interleave(6, {
        product: rateOf(product.url, pathFor('vi', route)),
        baseline: rateOf(baseline.url, '/nonce'),
      })
      figures.push(
        ratio(
          `${name}: ${CONNECTIONS} at once`,
          'requests/s',
          times,
          least === null ? null : { atLeast: least },
        ),
      )
    }
    if (Number.isFinite(product.memory()))
      figures.push({
        ...difference('memory afterwards', 'MB', product.memory(), baseline.memory(), null),
        compared: product.memory(),
        target: MEMORY,
      })
    return figures
  } finally {
    await Promise.all([product.stop(), baseline.stop()])
  }
}

/** Measures the weight of pages and the time of the server, beside the smallest Next page with a nonce. */
export async function pages(bed: Bed): Promise<Bench> {
  const asked = await rates(bed)
  const database = await bed.database(CASES)
  const product = await startWeb(database)
  const baseline = await startBaseline(database)
  const db = connect(database)
  answerFrom(db)
  const browser = await startChromium()
  try {
    const plain = (path: string): Page => ({ url: product.url + path, cookie: '' })
    const { cookie: draft } = await readyDraft(db)
    const first = {
      home: plain(pathFor('vi', '/')),
      'report, first step': plain(pathFor('vi', '/report')),
      agencies: plain(pathFor('vi', '/rate')),
    }
    const measured: Record<string, Page> = {
      ...first,
      questionnaire: plain(pathFor('vi', { pathname: '/rate/[agency]', params: { agency: 'quan-7' } })),
      'report, the phone': { url: product.url + pathFor('vi', '/report/phone'), cookie: draft },
      'report, the proof': { url: product.url + pathFor('vi', '/report/evidence'), cookie: draft },
      case: await casePage(product.url),
      ...(await deskPages(product.url, db)),
      check: plain(pathFor('vi', '/check')),
    }
    const bare = { url: `${baseline.url}/nonce`, cookie: '' }
    const bareWeight = await weigh(browser, bare)
    const figures: Figure[] = []
    for (const [name, page] of Object.entries(measured)) {
      const { script, total } = await weigh(browser, page)
      figures.push(
        difference(`${name}: script`, 'KB', script, bareWeight.script, {
          atMost: page.allowance ?? SCRIPT_ALLOWANCE,
        }),
        difference(`${name}: everything`, 'KB', total, bareWeight.total, null),
      )
    }
    const sides = Object.entries({ ...measured, bare }).map(([name, page]) => [name, () => timeOf(page)])
    const times: Record<string, number[]> = await interleave(ROUNDS, Object.fromEntries(sides))
    for (const name of Object.keys(measured)) {
      const sample = { product: times[name] ?? [], baseline: times.bare ?? [] }
      figures.push(ratio(`${name}: server time`, 'ms', sample, null))
    }
    for (const [name, page] of Object.entries(first)) {
      const { product: shown, baseline: bareShown } = await interleave(PAINTS, {
        product: () => firstPaint(browser, page),
        baseline: () => firstPaint(browser, bare),
      })
      const [of, beside] = [median(shown), median(bareShown)]
      figures.push({
        ...difference(`${name}: first paint`, 'ms', of, beside, null),
        ...{ compared: of, target: FIRST_PAINT },
      })
    }
    return { name: 'pages', figures: [...figures, ...asked], facts: { answers: RESPONSES } }
  } finally {
    answerFrom(null)
    await browser.close()
    await Promise.all([db.$disconnect(), product.stop(), baseline.stop()])
  }
}
