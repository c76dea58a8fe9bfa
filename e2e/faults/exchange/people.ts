import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { decideCase } from '#features/cases/decisions/acts.ts'
import { type CaseDecision, moveOf } from '#features/cases/decisions/rules.ts'
import { restsOnProof } from '#features/cases/proof/rules.ts'
import { findCase } from '#features/cases/record/data.ts'
import type { CaseState } from '#features/cases/record/state-rules.ts'
import { askExemption } from '#features/exchange/exemptions/acts.ts'
import { retryOrder } from '#features/exchange/orders/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { Result } from '#lib/result.ts'
import {
  agreeing,
  type MadeCase,
  makePolice,
  makeProvenCase,
  move,
  openProof,
  type Police,
} from '#tests/factories/case.ts'
import { confirmExemption } from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import type { Draw } from '../seeded.ts'

/** One attempt at one act. `unknown`: the answer was lost, and only the database knows the outcome. */
export interface Attempt {
  readonly act: string
  readonly subject: string
  readonly outcome: 'ok' | 'failed' | 'unknown'
}

export interface Work extends MadeCase {
  readonly end: 'blocked' | 'unblocked'
}

/** Plays police and relay people, who repeat each act until it succeeds. Every attempt is recorded. */
export class People {
  readonly attempts: Attempt[] = []
  readonly work: Work[] = []
  readonly #draw: Draw
  #police!: Police
  #relay!: readonly [StaffActor, StaffActor]
  /** Failed orders that cannot be retried, because a newer order for the same phone exists. */
  readonly #overtaken = new Set<string>()

  constructor(draw: Draw) {
    this.#draw = draw
  }

  /** Brings all cases to just before the approval, before the first fault. Every third case is to be unblocked later. */
  async prepare(cases: number): Promise<void> {
    this.#police = await makePolice()
    this.#relay = [await makeStaff('relay'), await makeStaff('relay')]
    for (let made = 0; made < cases; made++) {
      const one = await makeProvenCase()
      await move(one.id, this.#police.officer, { move: 'take' })
      await move(one.id, this.#police.officer, { move: 'verify' })
      this.work.push({ ...one, end: made % 3 === 2 ? 'unblocked' : 'blocked' })
    }
  }

  /** Brings one case from its approval to its end, independently of the other cases. */
  async bring(one: Work): Promise<void> {
    const { officer, supervisor } = this.#police
    await this.#decide(one, supervisor, 'approve')
    if (one.end === 'blocked') return
    await sleep(this.#draw.below(8_000))
    await this.#until('request_unblock', one.id, async () => {
      const state = await stateOf(one)
      if (state !== 'blocking' && state !== 'blocked') return { ok: true, value: null }
      await move(one.id, { kind: 'citizen' }, { move: 'request_unblock' })
      return { ok: true, value: null }
    })
    await this.#decide(one, officer, 'verify_unblock', 'recovered')
    await this.#decide(one, supervisor, 'approve_unblock')
  }

  #decide(one: Work, by: StaffActor, decision: CaseDecision, reasonCode?: string): Promise<void> {
    const submitKey = randomUUID()
    return this.#until(decision, one.id, async () => {
      const seen = await findCase(systemScope(), { id: one.id })
      if (!seen) throw new Error(`${one.number} cannot be read`)
      if (restsOnProof(moveOf(decision))) await openProof(by, one.id)
      const input = { number: one.number, version: seen.version, submitKey, decision, reasonCode }
      return decideCase(
        by,
        { ...input, reason: 'Đã đối chiếu.', check: await agreeing(one.id, moveOf(decision, seen.state)) },
        new Date(),
      )
    })
  }

  /** Exempts a carrier's order: one person asks, another confirms. If the order has settled by then, that is fine too. */
  async exempt(orderId: string): Promise<void> {
    const [first, second] = this.#relay
    const reason = 'Nhà mạng không trả lời.'
    const once = (
      act: string,
      by: StaffActor,
      command: (...of: Parameters<typeof askExemption>) => Promise<Result<unknown, string>>,
    ) => {
      const input = { orderId, reason, submitKey: randomUUID() }
      return this.#until(act, orderId, async () => {
        const done = await command(by, input, new Date())
        return done.ok || (done.error !== 'closed' && done.error !== 'request_gone')
          ? done
          : { ok: true, value: null }
      })
    }
    await once('exempt_ask', first, askExemption)
    await once('exempt', second, confirmExemption)
  }

  /** Retries an order that a carrier failed to carry out, unless a newer order for the phone exists. */
  async retry(orderId: string): Promise<void> {
    if (this.#overtaken.has(orderId)) return
    const [first] = this.#relay
    const input = { orderId, submitKey: randomUUID() }
    await this.#until('retry', orderId, async () => {
      const done = await retryOrder(first, input, new Date())
      if (done.ok || (done.error !== 'not_failed' && done.error !== 'overtaken')) return done
      this.#overtaken.add(orderId)
      return { ok: true, value: '' }
    })
  }

  async #until(act: string, subject: string, work: () => Promise<Result<unknown, string>>): Promise<void> {
    for (;;) {
      const outcome = await work().then(
        ({ ok }) => (ok ? ('ok' as const) : ('failed' as const)),
        () => 'unknown' as const,
      )
      this.attempts.push({ act, subject, outcome })
      if (outcome === 'ok') return
      await sleep(300 + this.#draw.below(700))
    }
  }
}

const stateOf = async ({ id }: Work): Promise<CaseState | undefined> =>
  (await findCase(systemScope(), { id }))?.state
