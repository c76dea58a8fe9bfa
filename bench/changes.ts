import { changes as changesAfter } from '#features/exchange/book/data.ts'
import { fileOf, listSequence } from '#features/exchange/lists/data.ts'
import { CARRIER } from '../tools/load/book.ts'
import type { Bed } from './bed.ts'
import { answerFrom, connect } from './connection.ts'
import { type Bench, type Figure, interleave, medianTime, ratio } from './measure.ts'

const MANY = Number(process.env.BENCH_CHANGES ?? 1_000_000)
const FEW = 10_000
const LINES = 1_000
const ROUNDS = 10
const TIMES = 5
const TARGET = { atMost: 1.3 } as const

type Side = 'product' | 'baseline'

/** Measures a thousand changes at a long list beside the same at a short one, through the product's own loaders. */
export async function changes(bed: Bed): Promise<Bench> {
  const clients = { product: connect(await bed.book(MANY)), baseline: connect(await bed.book(FEW)) }
  const heads = { product: 0, baseline: 0 }
  for (const side of ['product', 'baseline'] as const) {
    answerFrom(clients[side])
    heads[side] = await listSequence(CARRIER)
  }
  async function compare(what: string, target: Figure['target'], ask: (head: number) => Promise<unknown>) {
    const timed = (side: Side) => () => {
      answerFrom(clients[side])
      return medianTime(TIMES, () => ask(heads[side]))
    }
    const times = await interleave(ROUNDS, { product: timed('product'), baseline: timed('baseline') })
    return ratio(what, 'ms', times, target)
  }
  const never = new AbortController().signal
  try {
    const figures = [
      await compare(`changes: ${LINES} lines`, TARGET, async (head) => {
        const read = await changesAfter(CARRIER, { after: head - LINES, limit: LINES, wait: 0 }, never)
        if (!read.ok || read.value.entries.length !== LINES) throw new Error('not every line was read')
      }),
      await compare(`file of what changed in ${LINES} lines`, null, async (seq) => {
        const file = await fileOf(CARRIER, 'blocked', { seq, since: seq - LINES, digits: 15 })
        await file?.body.cancel()
        if (file?.rows !== LINES) throw new Error(`${file?.rows} rows of ${LINES}`)
      }),
    ]
    return { name: 'changes', figures, facts: { product: `${MANY} phones`, baseline: `${FEW} phones` } }
  } finally {
    answerFrom(null)
    await Promise.all([clients.product.$disconnect(), clients.baseline.$disconnect()])
  }
}
