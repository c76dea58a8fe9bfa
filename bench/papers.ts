import type { PrismaClient } from '#generated/prisma/client.ts'
import { systemScope } from '#lib/access/scope.ts'
import { pathFor } from '#messages/paths.ts'
import { keyedHash } from '#platform/crypto.ts'
import { inScope } from '#platform/scope.ts'
import { type Bed, startWeb, type Web } from './bed.ts'
import { connect } from './connection.ts'
import { type Bench, interleave, median, ratio } from './measure.ts'
import { cookiesOf } from './sign-in.ts'

const CASES = 1_000
/** Citizens who ask for their own data at the same time. */
const EXPORTS = 12
const ROUNDS = 8
/**
 * Pages that the reader opens in a round alone, one after another; beside the exports the reader continues until they are
 * done.
 */
const READS = 25
const SECRET = 'AAAAA-AAAAA-AAAAA-AAAAA'

interface Citizen {
  readonly address: string
  readonly cookie: string
}

/** Measures one reader of pages, alone and while twelve citizens have PDFs of their data drawn. */
export async function papers(bed: Bed): Promise<Bench> {
  const database = await bed.database(CASES)
  const product = await startWeb(database)
  const db = connect(database)
  try {
    const citizens = await enter(product, await opened(db))
    const page = product.url + pathFor('vi', '/check')
    const answers = new Map<number, number>()
    const read = () => readingTime(page, (reads) => reads === READS)
    const beside = () => whileExporting(product, citizens, answers, page)
    // The drawing processes start slowly, and are kept while there is work.
    await beside()
    answers.clear()
    const times = await interleave(ROUNDS, { product: beside, baseline: read })
    const count = (is: (status: number) => boolean) =>
      [...answers].reduce((sum, [status, times]) => sum + (is(status) ? times : 0), 0)
    const failed = count((status) => status >= 500 && status !== 503)
    if (failed > 0 || count((status) => status === 200) === 0)
      throw new Error(`exports answered ${JSON.stringify([...answers])}`)
    return {
      name: 'papers',
      figures: [ratio('a reader’s page beside twelve exports', 'ms', times, { atMost: 2 })],
      facts: {
        'exports at once': EXPORTS,
        drawn: count((status) => status === 200),
        'told to come again (503)': count((status) => status === 503),
        'other 5xx': failed,
      },
    }
  } finally {
    await Promise.all([db.$disconnect(), product.stop()])
  }
}

/** Returns the numbers of the cases, after setting their secret to `SECRET`. */
const opened = (db: PrismaClient): Promise<string[]> =>
  inScope(systemScope(), async () => {
    const cases = await db.case.findMany({ select: { id: true, number: true }, take: EXPORTS })
    await db.case.updateMany({
      where: { id: { in: cases.map(({ id }) => id) } },
      data: { secretHash: keyedHash('case-secret', SECRET) },
    })
    return cases.map(({ number }) => number)
  })

const enter = (web: Web, numbers: readonly string[]): Promise<Citizen[]> =>
  Promise.all(
    numbers.map(async (number, n) => {
      const address = `10.0.1.${n}`
      const answer = await fetch(`${web.url}/k/${number}.${SECRET}`, {
        headers: { 'x-forwarded-for': address },
        redirect: 'manual',
      })
      const cookie = cookiesOf(answer)
      if (answer.status !== 303 || cookie === '') throw new Error(`${number} answered ${answer.status}`)
      return { address, cookie }
    }),
  )

/** Opens a page again and again until `isOver`; returns the median time in milliseconds. */
async function readingTime(url: string, isOver: (reads: number) => boolean): Promise<number> {
  const times: number[] = []
  while (!isOver(times.length)) {
    const started = performance.now()
    const answer = await fetch(url, { headers: { 'x-forwarded-for': '10.0.2.1' }, redirect: 'manual' })
    await answer.arrayBuffer()
    if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`)
    times.push(performance.now() - started)
  }
  return median(times)
}

/** Reads from the citizens' requests until each has an answer; counts the answers by status. */
async function whileExporting(
  web: Web,
  citizens: readonly Citizen[],
  answers: Map<number, number>,
  page: string,
): Promise<number> {
  let left = citizens.length
  const exporting = citizens.map(async ({ address, cookie }) => {
    const answer = await fetch(`${web.url}/api/case/data?format=pdf`, {
      headers: { cookie, 'x-forwarded-for': address, accept: 'text/html' },
      redirect: 'manual',
    })
    await answer.arrayBuffer()
    answers.set(answer.status, (answers.get(answer.status) ?? 0) + 1)
    left--
  })
  const [time] = await Promise.all([readingTime(page, () => left === 0), ...exporting])
  return time
}
