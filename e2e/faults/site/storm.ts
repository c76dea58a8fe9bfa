import { setTimeout as sleep } from 'node:timers/promises'
import { transaction } from '#platform/db.ts'
import { enqueue } from '#platform/queue.ts'
import type { Kept } from '../exchange/kept.ts'
import type { Draw } from '../exchange/seeded.ts'
import type { Stage } from './stage.ts'

/** A fault, and the time from its end until the site did all its work again, in seconds. */
export interface Recovery {
  readonly fault: string
  readonly seconds: number
}

/** Longer than this nobody waits to see the site come back: it has not. */
const PATIENCE_MS = 120_000

type Fault = (stage: Stage, draw: Draw) => Promise<void>

const killOne =
  (kept: (stage: Stage) => readonly Kept[]): Fault =>
  async (stage, draw) => {
    draw.oneOf(kept(stage)).kill()
  }

/** Every fault that is drawn, by name. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  'kill -9 of a web server': killOne(({ webs }) => webs),
  'kill -9 of a worker': killOne(({ workers }) => workers),
  'kill -9 of all carriers': killOne(({ carriers }) => [carriers]),
  'kill -9 of both web servers': async ({ webs }) => {
    for (const web of webs) web.kill()
  },
  'kill -9 of both workers': async ({ workers }) => {
    for (const worker of workers) worker.kill()
  },
  'kill -9 of the database': (stage, draw) => stage.crashDatabase(draw.below(4_000)),
  'every database connection cut': async ({ query }) => {
    await query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'antam_app'")
  },
  'a rolling restart': async ({ webs, workers, balancer }) => {
    for (const one of [...webs, ...workers]) {
      const before = one.starts
      if (!one.restart()) continue
      await until(() => one.starts > before && balancer.readyPorts().length === webs.length)
    }
  },
}

/** The faults of a run: each in turn first, drawn afterwards. */
export class Storm {
  readonly recoveries: Recovery[] = []
  readonly #stage: Stage
  readonly #draw: Draw
  constructor(stage: Stage, draw: Draw) {
    this.#stage = stage
    this.#draw = draw
  }

  async rage(wanted: number, say: (text: string) => void): Promise<void> {
    const names = Object.keys(FAULTS)
    for (let nth = 0; nth < wanted; nth++) {
      const fault = names[nth] ?? this.#draw.oneOf(names)
      await sleep(this.#draw.below(3_000))
      await FAULTS[fault]?.(this.#stage, this.#draw)
      const since = performance.now()
      // What is killed again before it is back must come back too.
      if (nth >= names.length && this.#draw.chance(0.2)) continue
      await this.#untilWhole()
      const seconds = (performance.now() - since) / 1000
      this.recoveries.push({ fault, seconds })
      say(`${nth + 1}/${wanted} ${fault}: whole again after ${seconds.toFixed(1)} s`)
    }
  }

  /** Both web servers are ready, and a job that was queued since is done. */
  async #untilWhole(): Promise<void> {
    const { balancer, webs, query } = this.#stage
    await until(() => balancer.readyPorts().length === webs.length)
    const [{ at, id } = { at: new Date(), id: null }] = await queried(() =>
      query<{ at: Date; id: string | null }>(
        'SELECT clock_timestamp() AS at, (SELECT id FROM cases LIMIT 1) AS id',
      ),
    )
    await until(async () => {
      // So that a worker that is back has something to show for it.
      if (id !== null) await transaction((tx) => enqueue(tx, 'case-settle', { caseId: id })).catch(() => {})
      const done = 'SELECT 1 FROM pgboss.job WHERE completed_on > $1 LIMIT 1'
      return (await query(done, [at]).catch(() => [])).length > 0
    }, 1_000)
  }
}

async function queried<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await ask()
    } catch (error) {
      if (tries === 100) throw error
      await sleep(200)
    }
  }
}

async function until(isSo: () => boolean | Promise<boolean>, everyMs = 200): Promise<void> {
  const since = performance.now()
  while (performance.now() - since < PATIENCE_MS) {
    if (await isSo()) return
    await sleep(everyMs)
  }
}
