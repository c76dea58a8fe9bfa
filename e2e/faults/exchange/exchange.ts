import { setTimeout as sleep } from 'node:timers/promises'
import { clocksCanBeWrong } from '../kept.ts'
import { seeded } from '../seeded.ts'
import type { Attempt, Work } from './people.ts'
import { type Stage, setStage } from './stage.ts'
import type { Resumption } from './storm.ts'

export interface Wanted {
  readonly seed: number
  readonly kills: number
  readonly carrierKills: number
}

/** After this time since the last fault, an unsettled case counts as lost, not late. */
const LATEST_MS = 180_000

export interface Run extends Wanted {
  readonly cases: number
  readonly clocks: 'wrong' | 'right: libfaketime is not installed'
  /** Seconds from the end of the faults until every case had the state that police decided. */
  readonly settledSeconds: number
  readonly minutes: number
  readonly counts: Readonly<Record<string, number>>
  readonly attempts: Readonly<Record<string, Readonly<Record<Attempt['outcome'], number>>>>
  readonly resumptions: readonly Resumption[]
  readonly faults: readonly string[]
}

/** Sends orders to five carriers while processes are killed, connections cut, messages lost and clocks set wrong. */
export async function exchange(wanted: Wanted, say: (text: string) => void): Promise<Run> {
  const started = performance.now()
  const draw = seeded(wanted.seed)
  const stage = await setStage(draw)
  try {
    const [{ People }, { Storm }, { judge, tally }] = await Promise.all([
      import('./people.ts'),
      import('./storm.ts'),
      import('./judge.ts'),
    ])
    const people = new People(draw)
    const cases = Math.min(300, Math.max(30, wanted.kills))
    say(`${cases} cases are prepared`)
    await people.prepare(cases)
    await untilReady(stage)
    const storm = new Storm(stage, people, draw)
    const all = wanted.kills + wanted.carrierKills
    const progress = () => (storm.counts.kills + storm.counts.carrierKills) / all
    say('The faults begin')
    const telling = setInterval(() => say(`${Math.round(progress() * 100)} %`), 30_000)
    const brought: Promise<void>[] = []
    const bringAll = async () => {
      for (const [at, one] of people.work.entries()) {
        // The cases start spread over the run, so that some are always in progress.
        while (progress() < at / cases) await sleep(100)
        brought.push(people.bring(one))
      }
    }
    await Promise.all([storm.rage(wanted), bringAll()])
    clearInterval(telling)
    say('The faults are over')
    stage.wire.calm()
    stage.clocks.setRight()
    const calm = performance.now()
    const settled = await untilSettled(stage, storm, people.work)
    const settledSeconds = (performance.now() - calm) / 1000
    await Promise.race([Promise.all(brought), sleep(LATEST_MS, undefined, { ref: false })])
    const late = settled ? [] : [`not every case was settled after ${LATEST_MS / 1000} s`]
    return {
      ...wanted,
      cases,
      clocks: clocksCanBeWrong ? 'wrong' : 'right: libfaketime is not installed',
      settledSeconds,
      minutes: (performance.now() - started) / 60_000,
      counts: { ...storm.counts, ...stage.wire.counts, wrongClocks: stage.clocks.wrong },
      attempts: tally(people.attempts),
      resumptions: storm.resumptions,
      faults: [...late, ...(await judge(stage, people))],
    }
  } finally {
    await stage.close()
  }
}

async function untilReady({ url }: Stage): Promise<void> {
  for (let waited = 0; waited < 120_000; waited += 200) {
    const answer = await fetch(new URL('/api/health/ready', url)).catch(() => null)
    if (answer?.ok) return
    await sleep(200)
  }
  throw new Error('the product did not become ready')
}

/** Waits until every case has its final state and no case waits for a carrier. */
async function untilSettled(
  { superuser }: Stage,
  storm: { retryFailed(): Promise<void> },
  work: readonly Work[],
): Promise<boolean> {
  const since = performance.now()
  while (performance.now() - since < LATEST_MS) {
    const cases = await superuser.query<{ id: string; state: string }>('SELECT id, state FROM cases')
    const orders = await superuser.query(
      `SELECT 1 FROM carrier_orders o WHERE state NOT IN ('applied', 'superseded') AND EXISTS (
        SELECT 1 FROM book_entries b WHERE b.order_id = o.id AND (b.outcome IS NULL OR o.state <> 'exempt')
          AND NOT EXISTS (SELECT 1 FROM book_entries later WHERE later.carrier_id = b.carrier_id
            AND later.imei = b.imei AND later.seq > b.seq)) LIMIT 1`,
    )
    const states = new Map(cases.rows.map(({ id, state }) => [id, state]))
    if (orders.rowCount === 0 && work.every(({ id, end }) => states.get(id) === end)) return true
    await storm.retryFailed()
    await sleep(500)
  }
  return false
}
