import { setTimeout as sleep } from 'node:timers/promises'
import { transaction } from '#platform/db.ts'
import { enqueue } from '#platform/queue.ts'
import { DATABASE_FAULTS } from './kinds/databases.ts'
import { FILE_FAULTS } from './kinds/files.ts'
import { MESSAGE_FAULTS } from './kinds/messages.ts'
import { PROCESS_FAULTS } from './kinds/processes.ts'
import { type Faults, type Scene, until } from './scene.ts'

/** A fault, and the seconds from its end until the whole site worked again. */
export interface Recovery {
  readonly fault: string
  readonly seconds: number
}

export const FAULTS: Faults = {
  ...PROCESS_FAULTS,
  ...DATABASE_FAULTS,
  ...FILE_FAULTS,
  ...MESSAGE_FAULTS,
}

/** The faults of a run: each kind once in a random order, and then any kind at random. */
export class Storm {
  readonly recoveries: Recovery[] = []
  /** The faults that this run cannot cause, with the reason. */
  readonly impossible: string[] = []
  readonly #scene: Scene
  constructor(scene: Scene) {
    this.#scene = scene
  }

  /**
   * Causes `wanted` faults, chosen from `only` or from all possible kinds. If `wanted` is null, causes each
   * kind once. Returns the number of faults.
   */
  async rage(wanted: number | null, only: readonly string[], say: (text: string) => void): Promise<number> {
    const { stage, draw, wrong } = this.#scene
    const names = Object.entries(FAULTS).flatMap(([name, { impossible }]) => {
      if (only.length > 0 && !only.some((part) => name.includes(part))) return []
      const why = impossible?.(stage) ?? null
      if (why === null) return [name]
      this.impossible.push(`${name}: ${why}`)
      return []
    })
    if (names.length === 0) throw new Error('no fault of this name is possible in this run')
    const order = draw.shuffled(names)
    const all = wanted ?? names.length
    for (let nth = 0; nth < all; nth++) {
      const fault = order[nth] ?? draw.oneOf(names)
      await sleep(draw.below(3_000))
      await FAULTS[fault]?.happen(this.#scene)
      const since = performance.now()
      // Skips the wait at times: the next fault may then hit a process that has not recovered yet, and it must
      // recover all the same.
      if (nth >= names.length && draw.chance(0.2)) continue
      const missing = await this.#untilWhole()
      const seconds = (performance.now() - since) / 1000
      if (missing !== null) wrong.push(`${fault}: ${missing} after ${seconds.toFixed(0)} s`)
      this.recoveries.push({ fault, seconds })
      say(`${nth + 1}/${all} ${fault}: whole again after ${seconds.toFixed(1)} s`)
    }
    return all
  }

  /**
   * Waits until both web servers are ready, a newly queued job is done, every earlier message is sent, and the
   * audit log is sealed up to its present end. Returns what did not recover; null if everything did.
   */
  async #untilWhole(): Promise<string | null> {
    const { balancer, webs, databases } = this.#scene.stage
    if (!(await until(() => balancer.readyPorts().length === webs.length))) return 'not ready'
    const ask = <Row extends object>(sql: string, values?: readonly unknown[]) =>
      databases.query<Row>(sql, values).catch((): Row[] => [])
    let [now]: { at: Date; id: string | null; entry: string }[] = []
    await until(async () => {
      ;[now] = await ask<{ at: Date; id: string | null; entry: string }>(
        `SELECT clock_timestamp() AS at, (SELECT id FROM cases LIMIT 1) AS id,
          (SELECT coalesce(max(id), 0) FROM audit_entries) AS entry`,
      )
      return now !== undefined
    })
    if (now === undefined) return 'no database'
    const { at, id, entry } = now
    // Queues a job, so that a recovered worker has a job to complete.
    const give = () =>
      transaction(async (tx) => {
        if (id !== null) await enqueue(tx, 'case-settle', { caseId: id })
        await enqueue(tx, 'audit-seal', {})
      }).then(
        () => true,
        () => false,
      )
    const isTrue = async (sql: string, value: unknown) => {
      const [row] = await ask<{ done: boolean }>(`SELECT ${sql} AS done`, [value])
      return row?.done === true
    }
    const works = async () =>
      (await give()) &&
      isTrue('EXISTS (SELECT FROM pgboss.job WHERE created_on > $1 AND completed_on IS NOT NULL)', at)
    if (!(await until(works, 1_000))) return 'no worker works'
    const told = () =>
      isTrue("NOT EXISTS (SELECT FROM notices WHERE state = 'queued' AND created_at < $1)", at)
    if (!(await until(told, 500))) return 'messages wait'
    const sealed = async () => {
      if (await isTrue('EXISTS (SELECT FROM audit_heads WHERE high_id >= $1)', entry)) return true
      await give()
      return false
    }
    return (await until(sealed, 1_000)) ? null : 'the audit log is not sealed'
  }
}
