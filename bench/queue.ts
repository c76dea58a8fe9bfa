import { countsOf, findCases, queuePage } from '#features/cases/queries/queue.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { type Bed, DISTRICT } from './bed.ts'
import { answerFrom, connect } from './connection.ts'
import { imeisOf } from './load/rows.ts'
import { type Bench, type Figure, interleave, median, ratio } from './measure.ts'

const FEW = 1_000
const ROUNDS = 15
/** Questions a round. */
const TIMES = 20
const TARGET = { atMost: 1.5 } as const

const everything = { state: null, who: 'everybody', unitId: null, conflicts: false } as const
const officer: StaffActor = {
  kind: 'staff',
  id: '00000000-0000-4000-8000-000000000001',
  name: 'officer',
  role: 'officer',
  unitId: DISTRICT,
  agencyId: null,
  carrierId: null,
}
const city: StaffActor = { ...officer, role: 'city_police', unitId: null }

type Side = 'product' | 'baseline'

/** The officer's queue with a million cases beside the same with a thousand, asked through the product's own loaders. */
export async function queue(bed: Bed, cases: number): Promise<Bench> {
  const clients = { product: connect(await bed.database(cases)), baseline: connect(await bed.database(FEW)) }
  const now = new Date()

  async function compare(
    what: string,
    target: Figure['target'],
    ask: (side: Side) => Promise<unknown>,
  ): Promise<Figure> {
    const timed = (side: Side) => async () => {
      answerFrom(clients[side])
      const times: number[] = []
      for (let asked = 0; asked < TIMES; asked++) {
        const started = performance.now()
        await ask(side)
        times.push(performance.now() - started)
      }
      return median(times)
    }
    const times = await interleave(ROUNDS, { product: timed('product'), baseline: timed('baseline') })
    return ratio(what, 'ms', times, target)
  }

  /** The key at which the tenth page begins. */
  async function tenth(side: Side, actor: StaffActor) {
    answerFrom(clients[side])
    let page = await queuePage(actor, everything, null)
    for (let number = 2; page.next !== null; number++) {
      const from = { key: page.next, direction: 'after' } as const
      if (number === 10) return from
      page = await queuePage(actor, everything, from)
    }
    throw new Error(`the queue of ${side} has no ten pages`)
  }

  try {
    const figures: Figure[] = []
    for (const actor of [officer, city]) {
      const who = actor === officer ? 'officer' : 'city police'
      const from = { product: await tenth('product', actor), baseline: await tenth('baseline', actor) }
      figures.push(
        await compare(`${who}: first page`, TARGET, () => queuePage(actor, everything, null)),
        await compare(`${who}: tenth page`, TARGET, (side) => queuePage(actor, everything, from[side])),
        await compare(`${who}: IMEI search`, TARGET, (side) => {
          const n = Math.floor(Math.random() * (side === 'product' ? cases : FEW))
          return findCases(actor, imeisOf(n)[0], now)
        }),
        // Counted no further than 100: with few cases there are fewer to count.
        await compare(`${who}: figures above it`, null, () => countsOf(actor, now)),
      )
    }
    return { name: 'queue', figures, facts: { product: `${cases} cases`, baseline: `${FEW} cases` } }
  } finally {
    answerFrom(null)
    await Promise.all([clients.product.$disconnect(), clients.baseline.$disconnect()])
  }
}
