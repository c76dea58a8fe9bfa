import { imeisOf } from '../tools/load/rows.ts'
import { type Bed, startBaseline, startWeb, type Web } from './bed.ts'
import { askMuch } from './http.ts'
import { type Bench, type Figure, interleave, ratio } from './measure.ts'

const CONNECTIONS = 32
const ROUNDS = 8
const SECONDS = 3

/** Returns the nth IMEI to ask for: one in eight is never reported, the others may be. */
function imeiAt(n: number, cases: number): string {
  const at = (n * 7919) % cases
  return imeisOf(n % 8 === 0 ? at + cases : at)[n % 2] ?? ''
}

/** Addresses of many visitors, and of a single one; 203.0.113.0/24 is reserved for documentation. */
const many = (n: number): string => `10.${(n * 31) % 256}.${(n * 17) % 256}.${n % 256}`
const one = (): string => '203.0.113.7'

/** Measures `GET /api/v1/imei/{imei}` beside a bare handler with only the database query. */
export async function check(bed: Bed, cases: number): Promise<Bench> {
  const database = await bed.database(cases)
  const product = await startWeb(database)
  const baseline = await startBaseline(database)
  try {
    const figures: Figure[] = []
    for (const [what, address] of [
      ['checks from many addresses', many],
      ['checks from one address', one],
    ] as const) {
      figures.push(...(await compare(what, address, product, baseline, cases)))
    }
    return { name: 'check', figures, facts: { connections: CONNECTIONS, cases } }
  } finally {
    await Promise.all([product.stop(), baseline.stop()])
  }
}

async function compare(
  what: string,
  address: (n: number) => string,
  product: Web,
  baseline: Web,
  cases: number,
): Promise<Figure[]> {
  const cpu = { product: [] as number[], baseline: [] as number[] }
  let from = 0
  const measure = (side: 'product' | 'baseline', web: Web, prefix: string) => async () => {
    const before = web.cpuSeconds()
    const start = from
    from += 100_000
    const { requests, seconds } = await askMuch({
      url: web.url,
      path: (n) => prefix + imeiAt(start + n, cases),
      address,
      connections: CONNECTIONS,
      seconds: SECONDS,
    })
    cpu[side].push(((web.cpuSeconds() - before) / requests) * 1e6)
    return requests / seconds
  }
  const rates = await interleave(ROUNDS, {
    product: measure('product', product, '/api/v1/imei/'),
    baseline: measure('baseline', baseline, '/imei/'),
  })
  const warm = { product: cpu.product.slice(1), baseline: cpu.baseline.slice(1) }
  const figures = [ratio(what, 'requests/s', rates, address === many ? { atLeast: 0.8 } : null)]
  if (warm.product.every(Number.isFinite))
    figures.push(ratio('  processor time of the web server', 'µs/request', warm, null))
  return figures
}
