import { setTimeout as sleep } from 'node:timers/promises'
import { clocksCanBeWrong } from '../kept.ts'
import { seeded } from '../seeded.ts'
import type { Place } from './load.ts'
import { STORES, type Store, setStage } from './stage.ts'
import type { Recovery } from './storm.ts'

export interface Wanted {
  readonly seed: number
  /** Null: each kind once. */
  readonly faults: number | null
  /** The store of the evidence; the seed decides if it is not given. */
  readonly store?: Store | undefined
  /** Only faults whose name contains one of these texts; all if empty. */
  readonly only: readonly string[]
}

/** After this time since the last fault, an open report counts as lost, not late. */
const LATEST_MS = 180_000
/** Generous, for a busy machine. */
const START_MS = 300_000
const REPORTERS = 2
const RATERS = 1

export interface Run extends Wanted {
  readonly faults: number
  readonly store: Store
  readonly minutes: number
  readonly clocks: 'wrong' | 'right: libfaketime is not installed'
  readonly counts: Readonly<Record<string, number>>
  readonly recoveries: readonly Recovery[]
  /** The faults that could not be caused, with the reason. */
  readonly impossible: readonly string[]
  /** Seconds from the end of the faults until every phone was blocked. */
  readonly settledSeconds: number
  readonly wrong: readonly string[]
}

/** Runs a site with two of everything under load while one part after the other fails. */
export async function site(wanted: Wanted, say: (text: string) => void): Promise<Run> {
  const started = performance.now()
  const draw = seeded(wanted.seed)
  const store = wanted.store ?? (STORES[wanted.seed % STORES.length] as Store)
  const stage = await setStage(draw, store)
  try {
    const [{ People }, { Storm }, { judge }] = await Promise.all([
      import('./load.ts'),
      import('./storm.ts'),
      import('./judge.ts'),
    ])
    for (let waited = 0; stage.balancer.readyPorts().length < stage.webs.length; waited += 200) {
      if (waited > START_MS) throw new Error('the site did not become ready')
      await sleep(200)
    }
    const { databases, sms } = stage
    const people = new People({ query: databases.query, sms })
    await people.signIn()
    say('The faults begin')
    const scene = { stage, people, draw, notes: {}, wrong: [] }
    const storm = new Storm(scene)
    const living = people.live(REPORTERS, RATERS)
    const faults = await storm.rage(wanted.faults, wanted.only, say)
    stage.clocks.setRight()
    const calm = performance.now()
    people.enough()
    await living
    say('The faults are over')
    const { filed, rated, proofsAgain } = people.told
    await untilBlocked(
      databases.query,
      filed.map(({ number }) => number),
    )
    const settledSeconds = (performance.now() - calm) / 1000
    const answers = Object.entries(stage.balancer.counts).map(([status, n]) => [`answers ${status}`, n])
    return {
      ...wanted,
      faults,
      store,
      minutes: (performance.now() - started) / 60_000,
      clocks: clocksCanBeWrong ? 'wrong' : 'right: libfaketime is not installed',
      counts: {
        reports: filed.length,
        ratings: rated.length,
        'proofs sent again': proofsAgain,
        SMS: sms.taken.length,
        wrongClocks: stage.clocks.wrong,
        ...scene.notes,
        ...Object.fromEntries(answers),
      },
      recoveries: storm.recoveries,
      impossible: storm.impossible,
      settledSeconds,
      wrong: [...scene.wrong, ...(await judge(stage, people.told))],
    }
  } finally {
    await stage.close()
  }
}

/** Waits until the phones of these reports are blocked, or the time limit has passed. */
export async function untilBlocked(query: Place['query'], numbers: readonly string[]): Promise<void> {
  const since = performance.now()
  while (performance.now() - since < LATEST_MS) {
    const [row] = await query<{ open: string }>(
      "SELECT count(*) AS open FROM cases WHERE number = ANY($1) AND state <> 'blocked'",
      [numbers],
    ).catch(() => [])
    if (Number(row?.open) === 0) return
    await sleep(500)
  }
}
