import { type Bed, startWeb, type Web } from './bed.ts'
import { askMuch } from './http.ts'
import { type Bench, type Figure, interleave, median } from './measure.ts'

const CONNECTIONS = 32
const ROUNDS = 5
const SECONDS = 3
/** The most requested kinds of page, with an example of each. */
const PATHS = {
  'a page that is kept': '/ket-qua',
  'a page that is made': '/en/sign-in',
  'a check of an IMEI': '/api/v1/imei/490154203237518',
} as const

/** Measures two web processes behind one port beside one: requests per second, and the processor time of each. */
export async function processes(bed: Bed): Promise<Bench> {
  const database = await bed.database(1_000)
  const [one, two] = [await startWeb(database), await startWeb(database, 2)]
  const idle = { one: one.memory(), two: two.memory() }
  try {
    const figures: Figure[] = []
    for (const [what, path] of Object.entries(PATHS)) figures.push(...(await compare(what, path, two, one)))
    const facts = {
      connections: CONNECTIONS,
      'MB after the start, one': Math.round(idle.one),
      'MB after the start, two with the process that began them': Math.round(idle.two),
      'MB after the load, one': Math.round(one.memory()),
      'MB after the load, two with the process that began them': Math.round(two.memory()),
    }
    return { name: 'processes', figures, facts }
  } finally {
    await Promise.all([one.stop(), two.stop()])
  }
}

async function compare(what: string, path: string, two: Web, one: Web): Promise<Figure[]> {
  const cost = { one: [] as number[], two: [] as number[] }
  const measure = (side: 'one' | 'two', web: Web) => async () => {
    const before = web.cpuSeconds()
    const { requests, seconds } = await askMuch({
      url: web.url,
      path: () => path,
      address: (n) => `10.${(n * 31) % 256}.${(n * 17) % 256}.${n % 256}`,
      connections: CONNECTIONS,
      seconds: SECONDS,
    })
    cost[side].push(((web.cpuSeconds() - before) / requests) * 1e3)
    return requests / seconds
  }
  const rounds = await interleave(ROUNDS, { two: measure('two', two), one: measure('one', one) })
  const figure = (unit: string, [product, baseline]: readonly [number, number]): Figure => ({
    ...{ what, unit, product, baseline },
    compared: product / baseline,
    comparison: 'ratio',
    target: null,
  })
  return [
    figure('requests/s, two processes beside one', [median(rounds.two), median(rounds.one)]),
    figure('ms of processor a request, two beside one', [median(cost.two), median(cost.one)]),
  ]
}
