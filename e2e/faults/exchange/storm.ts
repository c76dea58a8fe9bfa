import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { transaction } from '#platform/db.ts'
import { enqueue } from '#platform/queue.ts'
import type { Kept } from '../kept.ts'
import type { Draw } from '../seeded.ts'
import type { People } from './people.ts'
import type { Stage } from './stage.ts'

/** A killed process, with the seconds from the kill until it worked again. */
export interface Resumption {
  readonly process: string
  readonly seconds: number
}

/** A process that has not recovered after this time counts as lost. */
const RECOVERY_LIMIT_MS = 90_000

/** Causes all faults of a run in parallel, until it has made the wanted number of kills. */
export class Storm {
  readonly resumptions: Resumption[] = []
  readonly counts = { kills: 0, carrierKills: 0, cuts: 0, silences: 0, failures: 0, exempted: 0 }
  readonly #stage: Stage
  readonly #people: People
  readonly #draw: Draw
  #over = false

  constructor(stage: Stage, people: People, draw: Draw) {
    this.#stage = stage
    this.#people = people
    this.#draw = draw
  }

  async rage(wanted: { readonly kills: number; readonly carrierKills: number }): Promise<void> {
    const { web, worker, carriers } = this.#stage
    const beside = [this.#cut(), this.#misbehave(), this.#ask()]
    await Promise.all([
      this.#kill([web, worker], wanted.kills, () => this.counts.kills++),
      this.#kill([...carriers.values()], wanted.carrierKills, () => this.counts.carrierKills++),
    ])
    this.#over = true
    await Promise.all(beside)
  }

  /** Kills processes at random. Most kills hit a process that works again, some one that is still starting. */
  async #kill(targets: readonly Kept[], wanted: number, count: () => void): Promise<void> {
    for (let done = 0; done < wanted; ) {
      const target = this.#draw.oneOf(targets)
      await sleep(this.#draw.below(2_500))
      const at = performance.now()
      if (!target.kill()) continue
      done++
      count()
      const back = this.#untilBack(target, at)
      if (this.#draw.chance(0.85)) await back
    }
  }

  async #untilBack(target: Kept, killedAt: number): Promise<void> {
    const next = target.starts + 1
    while (performance.now() - killedAt < RECOVERY_LIMIT_MS) {
      await sleep(200)
      // It was killed again before it recovered. The second kill measures its own time.
      if (target.starts > next) return
      if (target.starts === next && (await this.#worksSince(target))) break
    }
    this.resumptions.push({ process: target.name, seconds: (performance.now() - killedAt) / 1000 })
  }

  async #worksSince({ name, startedAt }: Kept): Promise<boolean> {
    const { wire, superuser } = this.#stage
    if (name === 'web') return wire.answeredAt() > startedAt
    if (name !== 'worker') return wire.askedAt(name) > startedAt
    const age = performance.now() - startedAt
    const { rows } = await superuser.query(
      'SELECT 1 FROM pgboss.job WHERE completed_on > now() - make_interval(secs => $1) LIMIT 1',
      [age / 1000],
    )
    return rows.length > 0
  }

  /** Queues a job every second, so that a recovered worker has a job to complete. */
  async #ask(): Promise<void> {
    const [first] = this.#people.work
    while (!this.#over && first) {
      await sleep(1_000)
      await transaction((tx) => enqueue(tx, 'case-settle', { caseId: first.id })).catch(() => {})
    }
  }

  /** Cuts every connection of the application at once, including those of the people's acts. */
  async #cut(): Promise<void> {
    while (!this.#over) {
      await sleep(3_000 + this.#draw.below(9_000))
      await this.#stage.superuser.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'antam_app'",
      )
      this.counts.cuts++
    }
  }

  /**
   * Makes one carrier at a time misbehave. Either it carries out orders without reporting, some of its orders
   * are exempted, and it reports after all. Or its register fails, and the failed orders are retried.
   */
  async #misbehave(): Promise<void> {
    const names = [...this.#stage.carriers.keys()]
    while (!this.#over) {
      await sleep(2_000 + this.#draw.below(5_000))
      const carrier = this.#draw.oneOf(names)
      const silent = this.#draw.chance(0.6)
      this.#tell(carrier, silent ? { mode: 'silent' } : { mode: 'fail' })
      if (silent) this.counts.silences++
      else this.counts.failures++
      await sleep(2_000 + this.#draw.below(4_000))
      if (silent) await this.#giveUp(carrier)
      this.#tell(carrier, { mode: 'apply' })
      await this.retryFailed()
    }
  }

  #tell(carrier: string, behaviour: object): void {
    const path = join(this.#stage.dataDir, 'eir', `${carrier}.behaviour.json`)
    writeFileSync(path, JSON.stringify(behaviour))
  }

  async #giveUp(carrier: string): Promise<void> {
    const { rows } = await this.#stage.superuser.query<{ id: string }>(
      `SELECT id FROM carrier_orders WHERE carrier_id = $1 AND action = 'block'
        AND state IN ('sent', 'acknowledged') ORDER BY issued_at LIMIT 2`,
      [carrier],
    )
    for (const { id } of rows) {
      await this.#people.exempt(id)
      this.counts.exempted++
    }
  }

  async retryFailed(): Promise<void> {
    const { rows } = await this.#stage.superuser.query<{ id: string }>(
      "SELECT id FROM carrier_orders WHERE state = 'failed' ORDER BY issued_at",
    )
    for (const { id } of rows) await this.#people.retry(id)
  }
}
