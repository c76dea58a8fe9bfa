import {
  countQueueSize,
  countViewsOf,
  findCases,
  listViewsOf,
  readQueuePage,
} from '#features/cases/queue/page-data.ts'
import {
  isSortable,
  QUEUE_SORTS,
  type QueueFilter,
  type QueueView,
  WHOLE_QUEUE,
} from '#features/cases/queue/rules.ts'
import type { PrismaClient } from '#generated/prisma/client.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { imeisOf } from '../tools/load/rows.ts'
import { type Bed, DISTRICT } from './bed.ts'
import { answerFrom, connect } from './connection.ts'
import { type Bench, type Figure, interleave, medianTime, ratio } from './measure.ts'

const FEW = 1_000
const ROUNDS = 9
/** Queries per round. */
const TIMES = 6
const TARGET = { atMost: 1.5 } as const

const officer: StaffActor = {
  kind: 'staff',
  id: '00000000-0000-4000-8000-000000000001',
  name: 'officer',
  role: 'officer',
  unitId: DISTRICT,
  agencyId: null,
  carrierId: null,
}
const supervisor: StaffActor = { ...officer, name: 'supervisor', role: 'supervisor' }
const city: StaffActor = { ...officer, name: 'city police', role: 'city_police', unitId: null }

/** Lists that a supervisor's queue has in addition to an officer's. */
const OF_APPROVERS: readonly QueueView[] = ['approve', 'holds']

type Side = 'product' | 'baseline'

/**
 * Measures the lists of the police with a million cases beside the same with a thousand, through the product's own
 * loaders.
 */
export async function queue(bed: Bed, cases: number): Promise<Bench> {
  const clients = { product: connect(await bed.database(cases)), baseline: connect(await bed.database(FEW)) }
  const accounts = { product: await accountOf(clients.product), baseline: await accountOf(clients.baseline) }
  // The officer must be the account that has the cases, in either database.
  const on = (side: Side, actor: StaffActor): StaffActor =>
    actor === officer ? { ...actor, id: accounts[side] } : actor
  const now = new Date()

  async function compare(
    what: string,
    target: Figure['target'],
    ask: (side: Side) => Promise<unknown>,
  ): Promise<Figure> {
    const timed = (side: Side) => () => {
      answerFrom(clients[side])
      return medianTime(TIMES, () => ask(side))
    }
    const times = await interleave(ROUNDS, { product: timed('product'), baseline: timed('baseline') })
    return ratio(what, 'ms', times, target)
  }

  /** Returns the key at which the tenth page begins. */
  async function tenth(side: Side, actor: StaffActor) {
    answerFrom(clients[side])
    let page = await readQueuePage(on(side, actor), WHOLE_QUEUE, null, now)
    for (let number = 2; page.next !== null; number++) {
      const from = { key: page.next, direction: 'after', skipped: 25 * (number - 1) } as const
      if (number === 10) return from
      page = await readQueuePage(on(side, actor), WHOLE_QUEUE, from, now)
    }
    throw new Error(`the queue of ${side} has no ten pages`)
  }

  async function someNumbers(side: Side): Promise<string[]> {
    answerFrom(clients[side])
    return (await readQueuePage(city, WHOLE_QUEUE, null, now)).rows.map(({ number }) => number)
  }

  try {
    const figures: Figure[] = []
    const numbers = { product: await someNumbers('product'), baseline: await someNumbers('baseline') }
    const byPart = (actor: StaffActor, length: number) => (side: Side) => {
      const some = numbers[side]
      const number = some[Math.floor(Math.random() * some.length)] ?? ''
      return findCases(on(side, actor), number.slice(4, 4 + length), now)
    }
    for (const actor of [officer, supervisor, city]) {
      const who = actor.name
      // The queries of the page: the rows, their number, and the counts of each list.
      const whole = (filter: QueueFilter) => (side: Side) => {
        const asks = on(side, actor)
        return Promise.all([
          readQueuePage(asks, filter, null, now),
          countQueueSize(asks, filter, now),
          countViewsOf(asks, now),
        ])
      }
      for (const view of actor === supervisor ? OF_APPROVERS : listViewsOf(actor))
        for (const sort of QUEUE_SORTS.filter((one) => one === 'due' || isSortable({ view, state: null })))
          figures.push(
            await compare(
              `${who}: ${view} by ${sort}, with counts`,
              TARGET,
              whole({ ...WHOLE_QUEUE, view, sort }),
            ),
          )
      if (actor === supervisor) continue
      const from = { product: await tenth('product', actor), baseline: await tenth('baseline', actor) }
      figures.push(
        await compare(`${who}: blocked, with counts`, null, whole({ ...WHOLE_QUEUE, state: 'blocked' })),
        await compare(`${who}: flagged, with counts`, null, whole({ ...WHOLE_QUEUE, flag: 'tac' })),
        await compare(`${who}: tenth page`, TARGET, (side) =>
          readQueuePage(on(side, actor), WHOLE_QUEUE, from[side], now),
        ),
        await compare(`${who}: IMEI search`, TARGET, (side) => {
          const n = Math.floor(Math.random() * (side === 'product' ? cases : FEW))
          return findCases(on(side, actor), imeisOf(n)[0], now)
        }),
        // Six characters match one case on either side; four match six of a million and one of a thousand, which are all
        // shown.
        await compare(`${who}: search by six characters of a number`, TARGET, byPart(actor, 7)),
        await compare(`${who}: search by four characters of a number`, null, byPart(actor, 4)),
      )
    }
    return { name: 'queue', figures, facts: { product: `${cases} cases`, baseline: `${FEW} cases` } }
  } finally {
    answerFrom(null)
    await Promise.all([clients.product.$disconnect(), clients.baseline.$disconnect()])
  }
}

/** Returns the officer's account to which a filled database assigns the district's cases. */
async function accountOf(client: PrismaClient): Promise<string> {
  const { id } = await client.staffAccount.findFirstOrThrow({
    where: { role: 'officer', unitId: DISTRICT, email: { endsWith: '.load.example' } },
    select: { id: true },
  })
  return id
}
