import { setTimeout as sleep } from 'node:timers/promises'
import { clocksCanBeWrong } from '../exchange/kept.ts'
import { seeded } from '../exchange/seeded.ts'
import { setStage } from './stage.ts'
import type { Recovery } from './storm.ts'

export interface Wanted {
  readonly seed: number
  readonly faults: number
}

/** Beyond this after the last fault, something is lost rather than late. */
const LATEST_MS = 180_000
const REPORTERS = 2
const RATERS = 1

export interface Run extends Wanted {
  readonly minutes: number
  readonly clocks: 'wrong' | 'right: libfaketime is not installed'
  readonly counts: Readonly<Record<string, number>>
  readonly recoveries: readonly Recovery[]
  /** From the end of the faults until every phone was blocked. */
  readonly settledSeconds: number
  readonly wrong: readonly string[]
}

/** People report, rate and decide at a site of two of everything, of which one thing after the other fails. */
export async function site(wanted: Wanted, say: (text: string) => void): Promise<Run> {
  const started = performance.now()
  const draw = seeded(wanted.seed)
  const stage = await setStage(draw)
  try {
    const [{ People }, { Storm }, { judge }] = await Promise.all([
      import('./load.ts'),
      import('./storm.ts'),
      import('./judge.ts'),
    ])
    for (let waited = 0; stage.balancer.readyPorts().length < stage.webs.length; waited += 200) {
      if (waited > 120_000) throw new Error('the site did not become ready')
      await sleep(200)
    }
    const people = new People(stage)
    await people.signIn()
    say('The faults begin')
    const storm = new Storm(stage, draw)
    const living = people.live(REPORTERS, RATERS)
    await storm.rage(wanted.faults, say)
    stage.setClocksRight()
    const calm = performance.now()
    people.enough()
    await living
    say('The faults are over')
    await untilBlocked(
      stage.query,
      people.told.filed.map(({ number }) => number),
    )
    const settledSeconds = (performance.now() - calm) / 1000
    const { filed, rated } = people.told
    return {
      ...wanted,
      minutes: (performance.now() - started) / 60_000,
      clocks: clocksCanBeWrong ? 'wrong' : 'right: libfaketime is not installed',
      counts: {
        reports: filed.length,
        ratings: rated.length,
        wrongClocks: stage.wrongClocks,
        ...Object.fromEntries(
          Object.entries(stage.balancer.counts).map(([status, n]) => [`answers ${status}`, n]),
        ),
      },
      recoveries: storm.recoveries,
      settledSeconds,
      wrong: await judge(stage, people.told),
    }
  } finally {
    await stage.close()
  }
}

async function untilBlocked(
  query: <Row extends object>(sql: string, values?: readonly unknown[]) => Promise<Row[]>,
  numbers: readonly string[],
): Promise<void> {
  const since = performance.now()
  while (performance.now() - since < LATEST_MS) {
    const [row] = await query<{ open: string }>(
      "SELECT count(*) AS open FROM cases WHERE number = ANY($1) AND state <> 'blocked'",
      [numbers],
    )
    if (Number(row?.open) === 0) return
    await sleep(500)
  }
}
