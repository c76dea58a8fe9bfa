import { pathFor } from '#messages/paths.ts'
import { type Bed, startWeb, type Web } from './bed.ts'
import { type Bench, type Figure, interleave, medianTime, ratio } from './measure.ts'

const MANY = Number(process.env.BENCH_RESPONSES ?? 10_000_000)
const FEW = 10_000
const ROUNDS = 12
/** Requests per round and side. */
const TIMES = 15
const TARGET = { atMost: 1.5 } as const

const timeOf = (url: string) =>
  medianTime(TIMES, async () => {
    const answer = await fetch(url, { redirect: 'manual' })
    const body = await answer.text()
    if (answer.status !== 200 || !body.includes('data-satisfied')) throw new Error(`${url}: ${answer.status}`)
  })

/** Measures the pages of results with ten million answers, beside the same pages with ten thousand. */
export async function results(bed: Bed): Promise<Bench> {
  const [many, few] = [await bed.answers(MANY), await bed.answers(FEW)]
  const product = await startWeb(many)
  const baseline = await startWeb(few)
  try {
    const pages = {
      city: pathFor('vi', '/results'),
      agency: pathFor('vi', { pathname: '/results/[agency]', params: { agency: 'quan-3' } }),
      question: pathFor('vi', {
        pathname: '/results/questions/[version]/[question]',
        params: { version: '1', question: 'r1' },
      }),
    }
    const figures: Figure[] = []
    for (const [name, path] of Object.entries(pages)) {
      const side = (web: Web) => () => timeOf(web.url + path)
      const times = await interleave(ROUNDS, { product: side(product), baseline: side(baseline) })
      figures.push(ratio(`${name} page`, 'ms', times, TARGET))
    }
    return { name: 'results', figures, facts: { product: `${MANY} answers`, baseline: `${FEW} answers` } }
  } finally {
    await Promise.all([product.stop(), baseline.stop()])
  }
}
