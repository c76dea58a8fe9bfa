import type { GivenCheck } from '#features/cases/proof/rules.ts'
import { addMilliseconds, HOUR, type Instant } from '#lib/time.ts'
import type { Chance } from './chance.ts'
import { MAIN, SECOND } from './places.ts'
import type { By, CarrierAnswer, Step, Story } from './story.ts'
import { ASKED, CITIZEN, REASONS, REJECTED } from './words.ts'

export const CARRIERS = ['viettel', 'vinaphone', 'mobifone', 'vietnamobile', 'gmobile'] as const
type Carrier = (typeof CARRIERS)[number]
/** The slow carrier, which has not answered the newest orders. */
export const SLOW: Carrier = 'gmobile'

/** Minimum and maximum hours until a carrier has carried out an order. */
const TAKES: Readonly<Record<Carrier, readonly [number, number]>> = {
  viettel: [0.05, 1.5],
  vinaphone: [0.3, 4],
  mobifone: [0.1, 2.5],
  vietnamobile: [1, 14],
  [SLOW]: [9, 38],
}

export const ALL_YES: GivenCheck = { checkName: 'yes', checkDevice: 'yes' }

/**
 * Returns the two people who act on the cases of an area: one handles them, another approves. City police handle the
 * areas without an officer.
 */
function teamOf(areaId: string, chance: Chance): readonly [By, By] {
  const cityFirst = chance.next() < 0.5
  const city: readonly [By, By] = cityFirst
    ? ['city-police-1', 'city-police-2']
    : ['city-police-2', 'city-police-1']
  if (areaId === MAIN)
    return [
      chance.of(['officer-1', 'officer-2'] as const),
      chance.of(['supervisor-1', 'supervisor-2'] as const),
    ]
  return areaId === SECOND ? ['officer-3', city[1]] : city
}

export const later = (at: Instant, hours: number): Instant => addMilliseconds(at, Math.round(hours * HOUR))

/** Returns one second after the last carrier's answer. */
const lastOf = (answers: Readonly<Record<string, { readonly at: Instant }>>): Instant =>
  new Date(Math.max(...Object.values(answers).map(({ at }) => at.getTime())) + 1_000)

export class Episodes {
  readonly #chance: Chance
  readonly #now: Instant

  constructor(chance: Chance, now: Instant) {
    this.#chance = chance
    this.#now = now
  }

  ago(hours: number): Instant {
    return addMilliseconds(this.#now, -Math.round(hours * HOUR))
  }

  take(submittedAt: Instant, by: By, hours: number): Step {
    return { move: 'take', at: later(submittedAt, hours), by }
  }

  verify(at: Instant, by: By): Step {
    const checkName = this.#chance.next() < 0.25 ? 'none' : 'yes'
    return { move: 'verify', at, by, text: this.#chance.of(REASONS.verify), check: { ...ALL_YES, checkName } }
  }

  /** Returns the steps from the report to the approval; `at` is the time of the block orders. */
  approved(areaId: string, submittedAt: Instant): { readonly steps: readonly Step[]; readonly at: Instant } {
    const chance = this.#chance
    const [first, second] = teamOf(areaId, chance)
    const took = chance.atWork(
      later(submittedAt, chance.next() < 0.08 ? chance.between(25, 30) : chance.between(0.3, 12)),
    )
    const found = chance.atWork(later(took, chance.between(0.6, 26)))
    const at = chance.atWork(later(found, chance.between(0.3, 9)))
    return {
      at,
      steps: [
        { move: 'take', at: took, by: first },
        this.verify(found, first),
        { move: 'approve', at, by: second, text: chance.of(REASONS.approve), check: ALL_YES },
      ],
    }
  }

  answered(orderedAt: Instant): Readonly<Record<Carrier, { readonly at: Instant }>> {
    const done = CARRIERS.map((carrier) => [
      carrier,
      { at: later(orderedAt, this.#chance.between(...TAKES[carrier])) },
    ])
    return Object.fromEntries(done) as Record<Carrier, { at: Instant }>
  }

  blockedBy(areaId: string, submittedAt: Instant) {
    const { steps, at } = this.approved(areaId, submittedAt)
    const block = this.answered(at)
    const last = lastOf(block)
    return {
      steps: [...steps, { move: 'carriers_applied', at: last, by: 'system' }] as readonly Step[],
      answers: { block, unblock: {} },
      at: last,
    }
  }

  /** Returns the steps of unblocking a phone that came back, up to its orders, given at `at`. */
  unblocking(areaId: string, asked: Instant): { readonly steps: readonly Step[]; readonly at: Instant } {
    const chance = this.#chance
    const [first, second] = teamOf(areaId, chance)
    const found = chance.atWork(later(asked, chance.between(2, 22)))
    const at = chance.atWork(later(found, chance.between(0.5, 8)))
    return {
      at,
      steps: [
        { move: 'request_unblock', at: asked, by: 'citizen', text: CITIZEN.request_unblock },
        {
          ...{ move: 'verify_unblock', at: found, by: first, reasonCode: 'recovered' },
          ...{ text: chance.of(REASONS.verify_unblock), check: ALL_YES },
        },
        { move: 'approve_unblock', at, by: second, text: chance.of(REASONS.approve_unblock), check: ALL_YES },
      ],
    }
  }

  returned(areaId: string, at: Instant): Pick<Story, 'steps' | 'answers'> {
    const { steps, answers, at: blockedAt } = this.blockedBy(areaId, at)
    const back = this.unblocking(areaId, later(blockedAt, 24 * this.#chance.between(4, 40)))
    const unblock = this.answered(back.at)
    return {
      steps: [...steps, ...back.steps, { move: 'carriers_lifted', at: lastOf(unblock), by: 'system' }],
      answers: { ...answers, unblock },
    }
  }

  rejected(areaId: string, at: Instant, which: number): Pick<Story, 'steps'> {
    const [first] = teamOf(areaId, this.#chance)
    const took = this.#chance.atWork(later(at, this.#chance.between(0.5, 12)))
    const [reasonCode, text] = REJECTED[which % REJECTED.length] ?? REJECTED[0]
    const decided = this.#chance.atWork(later(took, this.#chance.between(2, 40)))
    return {
      steps: [
        { move: 'take', at: took, by: first },
        { move: 'reject', at: decided, by: first, reasonCode, text },
      ],
    }
  }

  withdrawn(areaId: string, at: Instant, which: number): Pick<Story, 'steps'> {
    const [first] = teamOf(areaId, this.#chance)
    const took = this.#chance.atWork(later(at, this.#chance.between(0.5, 8)))
    const asked = later(took, this.#chance.between(0.5, 20))
    return {
      steps: [
        ...(which % 3 === 0 ? [] : [{ move: 'take', at: took, by: first } as const]),
        { move: 'withdraw', at: asked, by: 'citizen', text: CITIZEN.withdraw },
        { move: 'finish_withdrawal', at: later(asked, 24 + 0.01), by: 'system' },
      ],
    }
  }

  lapsed(areaId: string, at: Instant, which: number): Pick<Story, 'steps'> {
    const [first] = teamOf(areaId, this.#chance)
    const took = this.#chance.atWork(later(at, this.#chance.between(0.5, 12)))
    const asked = this.#chance.atWork(later(took, this.#chance.between(1, 20)))
    const [reasonCode, text] = ASKED[which % ASKED.length] ?? ASKED[0]
    return {
      steps: [
        { move: 'take', at: took, by: first },
        { move: 'request_info', at: asked, by: first, reasonCode, text },
        { move: 'expire', at: later(asked, 15 * 24 + 0.01), by: 'system' },
      ],
    }
  }

  /**
   * Returns the steps and the carriers' answers of a block that was ordered `hours` ago; `slow` is the slow carrier's
   * answer.
   */
  ordered(areaId: string, hours: number, slow: CarrierAnswer) {
    const [first, second] = teamOf(areaId, this.#chance)
    const at = this.ago(hours)
    const steps: readonly Step[] = [
      { move: 'take', at: this.ago(hours + 20), by: first },
      this.verify(this.ago(hours + 2), first),
      { move: 'approve', at, by: second, text: this.#chance.of(REASONS.approve), check: ALL_YES },
    ]
    const quick = Object.fromEntries(
      CARRIERS.map((carrier, turn) => [carrier, { at: later(at, 0.1 + turn * 0.3) }]),
    )
    return { steps, answers: { block: { ...quick, [SLOW]: slow }, unblock: {} } }
  }
}
