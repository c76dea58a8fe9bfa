import { type Profiler, Session } from 'node:inspector/promises'
import { readCaseFile } from '#features/cases/file/page-data.ts'
import { readQueuePage } from '#features/cases/queue/page-data.ts'
import { WHOLE_QUEUE } from '#features/cases/queue/rules.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { type Bed, DISTRICT } from './bed.ts'
import { answerFrom, connect } from './connection.ts'
import { type Bench, type Figure, ratio } from './measure.ts'

const ROUNDS = 12
/** Pages per round. */
const TIMES = 40
const TARGET = { atMost: 0.2 } as const
/** Matches files through which all sealing, opening, wrapping and hashing goes, so one of them is on the stack. */
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

/** Returns the milliseconds of a profile with the seam on the stack. */
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
 * Measures the share of encryption in the loading time of the case page and the queue: their queries run in this process
 * under a sampling profiler. Rendering is left out, so the share is larger than in real use.
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
