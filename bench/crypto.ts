import { type Profiler, Session } from 'node:inspector/promises'
import { readCaseFile } from '#features/cases/file/page-data.ts'
import { readQueuePage } from '#features/cases/queue/page-data.ts'
import { WHOLE_QUEUE } from '#features/cases/queue/rules.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { type Bed, DISTRICT } from './bed.ts'
import { answerFrom, connect } from './connection.ts'
import { type Bench, type Figure, ratio } from './measure.ts'

const ROUNDS = 12
/** Pages a round. */
const TIMES = 40
const TARGET = { atMost: 0.2 } as const
/** Matches files of which one stands on the stack of all that is sealed, opened, wrapped or hashed. */
const SEAM = /\/platform\/(aead|crypto|key-wrapper|sealed-stream)\.ts$/

const officer: StaffReader = {
  kind: 'staff',
  id: '00000000-0000-4000-8000-000000000001',
  name: 'officer',
  role: 'officer',
  sessionId: '00000000-0000-4000-8000-000000000002',
  unitId: DISTRICT,
  agencyId: null,
  carrierId: null,
}

/** Milliseconds of a profile during which the seam was at work. */
function inSeam({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): number {
  const seam = new Set<number>()
  const mark = (id: number, inside: boolean) => {
    const node = byId.get(id)
    if (!node) return
    const within = inside || SEAM.test(node.callFrame.url)
    if (within) seam.add(id)
    for (const child of node.children ?? []) mark(child, within)
  }
  const byId = new Map(nodes.map((node) => [node.id, node]))
  if (nodes[0]) mark(nodes[0].id, false)
  const micros = samples.reduce((sum, id, at) => sum + (seam.has(id) ? (timeDeltas[at] ?? 0) : 0), 0)
  return micros / 1000
}

/**
 * The time that encryption takes of what the case page and the queue wait for: their queries are asked in this process
 * under a sampling profiler. The pages' own drawing is left out, so that the share is of less, and larger, than in use.
 */
export async function crypto(bed: Bed, cases: number): Promise<Bench> {
  const client = connect(await bed.database(cases))
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: 100 })

  async function share(what: string, ask: (at: number) => Promise<unknown>): Promise<Figure> {
    const times = { product: [] as number[], baseline: [] as number[] }
    for (let round = 0; round <= ROUNDS; round++) {
      await session.post('Profiler.start')
      const started = performance.now()
      for (let at = 0; at < TIMES; at++) await ask(at)
      const took = performance.now() - started
      const { profile } = await session.post('Profiler.stop')
      if (round === 0) continue
      times.product.push(inSeam(profile) / TIMES)
      times.baseline.push(took / TIMES)
    }
    return ratio(what, 'ms', times, TARGET)
  }

  try {
    answerFrom(client)
    const { rows } = await readQueuePage(officer, WHOLE_QUEUE, null, new Date())
    const figures = [
      await share('case page: in encryption, of its loading', async (at) => {
        const row = rows[at % rows.length]
        if (!row || (await readCaseFile(officer, row.number, new Date())) === null)
          throw new Error('no such case')
      }),
      await share('queue: in encryption, of its loading', () =>
        readQueuePage(officer, WHOLE_QUEUE, null, new Date()),
      ),
    ]
    return { name: 'crypto', figures, facts: { cases } }
  } finally {
    answerFrom(null)
    session.disconnect()
    await client.$disconnect()
  }
}
