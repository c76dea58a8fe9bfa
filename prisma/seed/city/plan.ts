import type { Move } from '#features/cases/rules/moves.ts'
import type { GivenCheck } from '#features/cases/rules/proof.ts'
import type { BlockReason } from '#features/exchange/rules/order.ts'
import { addMilliseconds, DAY, fromLocal, HOUR, type Instant, localDate, MINUTE } from '#lib/time.ts'
import { Chance } from './chance.ts'
import { nameOf } from './people.ts'
import { imeiOf, MODELS, type Model } from './phones.ts'
import { ASKED, CITIZEN, placesOf, REASONS, REJECTED, STORIES, STREETS } from './words.ts'

/** Names the author of a move: the citizen, the product itself, or a demo account by the first part of its address. */
export type By = 'citizen' | 'system' | `${'officer' | 'supervisor' | 'city-police'}-${number}`

export interface Step {
  readonly move: Move
  readonly at: Instant
  readonly by: By
  readonly reasonCode?: string
  readonly text?: string
  readonly check?: GivenCheck
}

/** Tells what one carrier does with an order: when it is done, or null where it has said nothing yet. */
export type CarrierAnswer = { readonly at: Instant; readonly failed?: 'technical' } | null

/** One report and all that came of it, as it is going to be played through the product's own rules. */
export interface Story {
  readonly n: number
  readonly areaId: string
  readonly type: Exclude<BlockReason, 'hold'>
  readonly incidentAt: Instant
  readonly submittedAt: Instant
  readonly counterclaim: boolean
  readonly phone: Model
  readonly colour: string
  readonly imeis: readonly string[]
  readonly proof: 'box' | 'invoice' | 'warranty' | 'account'
  readonly fullName: string
  readonly nationalId: string
  readonly address: string
  readonly place: string
  readonly story: string
  /** Holds the last digits of the SIM's number. */
  readonly sim: string
  readonly steps: readonly Step[]
  /** By action and carrier. */
  readonly answers: Readonly<Record<'block' | 'unblock', Readonly<Record<string, CarrierAnswer>>>>
}

export const CARRIERS = ['viettel', 'vinaphone', 'mobifone', 'vietnamobile', 'gmobile'] as const
type Carrier = (typeof CARRIERS)[number]
/** The carrier that is slow, and has not answered the newest orders. */
const SLOW: Carrier = 'gmobile'

/** Hours until a carrier has carried an order out: from and to. */
const TAKES: Readonly<Record<Carrier, readonly [number, number]>> = {
  viettel: [0.05, 1.5],
  vinaphone: [0.3, 4],
  mobifone: [0.1, 2.5],
  vietnamobile: [1, 14],
  [SLOW]: [9, 38],
}

/** Weighs the areas by how often phones are taken there. */
const AREAS: readonly (readonly [string, number])[] = [
  ...([
    ['quan-1', 24],
    ['quan-3', 18],
    ['binh-thanh', 16],
    ['tan-binh', 14],
    ['go-vap', 12],
  ] as const),
  ...([
    ['quan-10', 8],
    ['quan-5', 7],
    ['phu-nhuan', 6],
    ['quan-7', 6],
    ['thu-duc', 6],
    ['binh-tan', 6],
  ] as const),
  ...([
    ['tan-phu', 5],
    ['quan-12', 5],
    ['quan-4', 4],
    ['quan-11', 4],
    ['quan-6', 4],
    ['quan-8', 4],
  ] as const),
  ...([
    ['quan-2', 3],
    ['quan-9', 3],
    ['hoc-mon', 2],
    ['binh-chanh', 2],
    ['nha-be', 1],
    ['cu-chi', 1],
  ] as const),
]
const TYPES = [
  ['snatched', 54],
  ['stolen', 22],
  ['robbed', 12],
  ['lost', 12],
] as const
/** Snatched and robbed most in the evening, and when offices and schools end. */
const HOURS: readonly (readonly [number, number])[] = [
  2, 1, 1, 1, 1, 2, 3, 5, 4, 4, 4, 5, 5, 4, 4, 4, 5, 8, 10, 12, 12, 11, 8, 4,
].map((weight, hour) => [hour, weight])
/** More before Tết, fewer in the rains; January first. */
const MONTHS = [13, 10, 7, 7, 6, 6, 7, 7, 8, 9, 10, 12]

/** Blocked phones, by how many days ago they were reported: count, from, to. */
const BLOCKED = [
  [8, 7, 30],
  [15, 31, 59],
  [14, 60, 89],
  [10, 90, 119],
  [6, 120, 200],
] as const

const ALL_YES: GivenCheck = { checkImei: 'yes', checkName: 'yes', checkDevice: 'yes' }

/** Returns the two who act on the cases of an area: one has them, another agrees. The city acts in small places. */
function teamOf(areaId: string, chance: Chance): readonly [By, By] {
  const cityFirst = chance.next() < 0.5
  const city: readonly [By, By] = cityFirst
    ? ['city-police-1', 'city-police-2']
    : ['city-police-2', 'city-police-1']
  if (areaId === 'quan-3')
    return [
      chance.of(['officer-1', 'officer-2'] as const),
      chance.of(['supervisor-1', 'supervisor-2'] as const),
    ]
  return areaId === 'quan-1' ? ['officer-3', city[1]] : city
}

const later = (at: Instant, hours: number): Instant => addMilliseconds(at, Math.round(hours * HOUR))

/** Makes the stories of the city, in the order of their reports. */
export class Plan {
  readonly #chance = new Chance(20_161_127)
  readonly #now: Instant
  readonly #stories: Story[] = []
  readonly #areas: readonly (readonly [string, number])[]

  /** @param areaIds the areas that there are */
  constructor(now: Instant, areaIds: readonly string[]) {
    this.#now = now
    this.#areas = AREAS.filter(([id]) => areaIds.includes(id))
  }

  make(): readonly Story[] {
    this.#addOpen()
    this.#addSettled()
    this.#addConflicts()
    return this.#stories.toSorted((a, b) => a.submittedAt.getTime() - b.submittedAt.getTime())
  }

  #ago(hours: number): Instant {
    return addMilliseconds(this.#now, -Math.round(hours * HOUR))
  }

  /** Everything about a report but what came of it. */
  #report(areaId: string, submittedAt: Instant, more: Pick<Story, 'steps'> & Partial<Story>): Story {
    const chance = this.#chance
    const n = this.#stories.length + 1
    const phone = more.phone ?? chance.of(MODELS)
    const type = more.type ?? chance.weighted(TYPES)
    const story: Story = {
      n,
      areaId,
      type,
      submittedAt,
      incidentAt: addMilliseconds(submittedAt, -chance.between(40 * MINUTE, 9 * HOUR)),
      counterclaim: false,
      phone,
      colour: chance.of(phone.colours),
      imeis: [imeiOf(phone, n)],
      proof: chance.weighted([
        ['box', 5],
        ['invoice', 3],
        ['warranty', 2],
        ['account', 2],
      ] as const),
      fullName: nameOf(n * 3 + 1 + (n % 2)),
      nationalId: `079${(n * 3 + 1 + (n % 2)) % 2}${String(60 + ((n * 7) % 40)).padStart(2, '0')}${String((n * 7919) % 1_000_000).padStart(6, '0')}`,
      address: `${chance.whole(3, 480)} ${chance.of(STREETS)}`,
      place: chance.of(placesOf(areaId)),
      story: chance.of(STORIES[type]),
      sim: String(1_000_000 + n * 7_211).slice(-7),
      answers: { block: {}, unblock: {} },
      ...more,
    }
    this.#stories.push(story)
    return story
  }

  #take(submittedAt: Instant, by: By, hours: number): Step {
    return { move: 'take', at: later(submittedAt, hours), by }
  }

  /** Adds the cases that wait for somebody today: few, so that a report of a visitor's own is seen among them. */
  #addOpen(): void {
    const open = (areaId: string, hours: number, steps: readonly Step[] = [], more: Partial<Story> = {}) =>
      this.#report(areaId, this.#ago(hours), { steps, ...more })
    const taken = (areaId: string, hours: number, by: By, after: number, more: readonly Step[] = []) =>
      open(areaId, hours, [this.#take(this.#ago(hours), by, after), ...more])
    const verified = (by: By, hours: number): Step => this.#verify(this.#ago(hours), by)
    const asked = (by: By, hours: number, which: number): Step => {
      const [reasonCode, text] = ASKED[which % ASKED.length] ?? ASKED[0]
      return { move: 'request_info', at: this.#ago(hours), by, reasonCode, text }
    }

    open('quan-3', 21.4, [], { type: 'snatched' })
    open('quan-3', 2.2, [], { type: 'robbed' })
    // Two of them could not say their phone's number yet.
    for (const [at, areaId] of [
      'quan-1',
      'quan-1',
      'binh-thanh',
      'tan-binh',
      'go-vap',
      'quan-10',
      'quan-7',
    ].entries())
      open(areaId, 1.5 + at * 2.6, [], at % 3 === 2 ? { imeis: [] } : {})

    // One is late: it stands first in its queue.
    taken('quan-3', 190, 'officer-1', 9)
    taken('quan-3', 30, 'officer-2', 5)
    taken('quan-1', 27, 'officer-3', 6)
    for (const [at, areaId] of [
      'quan-1',
      'binh-thanh',
      'tan-binh',
      'quan-5',
      'phu-nhuan',
      'thu-duc',
    ].entries())
      taken(areaId, 20 + at * 1.7, at % 2 === 0 ? 'city-police-1' : 'city-police-2', 3 + at)
    for (const [at, areaId] of ['binh-tan', 'quan-10', 'quan-12', 'go-vap', 'quan-4'].entries())
      open(areaId, 130 + at * 22, [
        this.#take(this.#ago(130 + at * 22), 'city-police-1', 4),
        asked('city-police-1', 100 + at * 20, at),
        { move: 'reply', at: this.#ago(9 + at), by: 'citizen', text: CITIZEN.reply },
      ])
    this.#appealed()

    taken('quan-3', 80, 'officer-1', 7, [asked('officer-1', 66, 0)])
    for (const [at, areaId] of ['quan-1', 'tan-binh', 'quan-8', 'binh-thanh', 'tan-phu'].entries())
      taken(areaId, 96 + at * 21, 'city-police-2', 5, [asked('city-police-2', 70 + at * 19, at + 1)])

    taken('quan-3', 29, 'officer-2', 3, [verified('officer-2', 4)])
    taken('quan-1', 26, 'officer-3', 4, [verified('officer-3', 6)])
    taken('tan-binh', 25, 'city-police-1', 3, [verified('city-police-1', 5)])
    taken('binh-thanh', 24, 'city-police-2', 3, [verified('city-police-2', 7)])

    for (const [at, areaId] of ['quan-3', 'quan-5', 'phu-nhuan'].entries()) {
      const { steps, answers } = this.#blockedBy(areaId, this.#ago(620 + at * 410))
      const asks = { move: 'request_unblock', at: this.#ago(14 + at * 5), by: 'citizen' } as const
      this.#report(areaId, this.#ago(620 + at * 410), {
        steps: [...steps, { ...asks, text: CITIZEN.request_unblock }],
        answers,
      })
    }
  }

  /** Refused once, and to be looked at again by other people. */
  #appealed(): void {
    const [reasonCode, text] = REJECTED[0]
    this.#report('go-vap', this.#ago(212), {
      steps: [
        this.#take(this.#ago(212), 'city-police-2', 6),
        { move: 'reject', at: this.#ago(160), by: 'city-police-2', reasonCode, text },
        { move: 'appeal', at: this.#ago(17), by: 'citizen', text: CITIZEN.appeal },
      ],
    })
  }

  #verify(at: Instant, by: By): Step {
    const checkName = this.#chance.next() < 0.25 ? 'none' : 'yes'
    return { move: 'verify', at, by, text: this.#chance.of(REASONS.verify), check: { ...ALL_YES, checkName } }
  }

  /** From the report to the approval; `at` is when the block was ordered. */
  #approved(areaId: string, submittedAt: Instant): { readonly steps: readonly Step[]; readonly at: Instant } {
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
        this.#verify(found, first),
        { move: 'approve', at, by: second, text: chance.of(REASONS.approve), check: ALL_YES },
      ],
    }
  }

  #answered(orderedAt: Instant): Readonly<Record<Carrier, { readonly at: Instant }>> {
    const done = CARRIERS.map((carrier) => [
      carrier,
      { at: later(orderedAt, this.#chance.between(...TAKES[carrier])) },
    ])
    return Object.fromEntries(done) as Record<Carrier, { at: Instant }>
  }

  #blockedBy(areaId: string, submittedAt: Instant) {
    const { steps, at } = this.#approved(areaId, submittedAt)
    const block = this.#answered(at)
    const last = lastOf(block)
    return {
      steps: [...steps, { move: 'carriers_applied', at: last, by: 'system' }] as readonly Step[],
      answers: { block, unblock: {} },
      at: last,
    }
  }

  /** The unblock of a phone that came back, up to its orders. */
  #unblocking(areaId: string, asked: Instant): { readonly steps: readonly Step[]; readonly at: Instant } {
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

  /** Returns the moment of an incident's report, so many days ago at most, as often as the months have it. */
  #reported(daysAgo: number, atLeast: number): Instant {
    const chance = this.#chance
    for (;;) {
      const day = addMilliseconds(this.#now, -chance.between(atLeast, daysAgo) * DAY)
      const [year = 0, month = 1, date = 1] = localDate(day).split('-').map(Number)
      if (chance.next() * 13 >= (MONTHS[month - 1] ?? 0)) continue
      return fromLocal(year, month, date, chance.weighted(HOURS), chance.whole(0, 59)) ?? day
    }
  }

  /** A report whose incident was at such an hour, and was told of some hours later. */
  #settled(
    daysAgo: number,
    atLeast: number,
    more: (areaId: string, at: Instant) => Pick<Story, 'steps'> & Partial<Story>,
  ) {
    const areaId = this.#chance.weighted(this.#areas)
    const incidentAt = this.#reported(daysAgo, atLeast)
    const submittedAt = later(incidentAt, this.#chance.between(0.3, 7))
    this.#report(areaId, submittedAt, { ...more(areaId, submittedAt), incidentAt })
  }

  #addSettled(): void {
    const many = (count: number, add: (at: number) => void) => {
      for (let at = 0; at < count; at++) add(at)
    }
    // Enough in each of the last months for a carrier's figures, which are told from ten orders on.
    for (const [count, from, to] of BLOCKED) {
      many(count, () => this.#settled(to, from, (areaId, at) => this.#blockedBy(areaId, at)))
    }
    many(8, () => this.#settled(170, 60, (areaId, at) => this.#returned(areaId, at)))
    many(18, (at) => this.#settled(78, 20, (areaId, sent) => this.#rejected(areaId, sent, at)))
    many(18, (at) => this.#settled(165, 20, (areaId, sent) => this.#withdrawn(areaId, sent, at)))
    many(18, (at) => this.#settled(160, 31, (areaId, sent) => this.#lapsed(areaId, sent, at)))
    for (const [at, hours] of [2, 5, 9].entries())
      this.#waitsForSlow(['quan-3', 'quan-1', 'quan-6'][at] ?? '', hours)
    this.#failedOnce('quan-11')
    for (const [at, hours] of [3, 8].entries()) this.#liftsSlowly(['quan-3', 'tan-phu'][at] ?? '', hours, at)
  }

  #returned(areaId: string, at: Instant): Pick<Story, 'steps' | 'answers'> {
    const { steps, answers, at: blockedAt } = this.#blockedBy(areaId, at)
    const back = this.#unblocking(areaId, later(blockedAt, 24 * this.#chance.between(4, 40)))
    const unblock = this.#answered(back.at)
    return {
      steps: [...steps, ...back.steps, { move: 'carriers_lifted', at: lastOf(unblock), by: 'system' }],
      answers: { ...answers, unblock },
    }
  }

  #rejected(areaId: string, at: Instant, which: number): Pick<Story, 'steps'> {
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

  #withdrawn(areaId: string, at: Instant, which: number): Pick<Story, 'steps'> {
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

  #lapsed(areaId: string, at: Instant, which: number): Pick<Story, 'steps'> {
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

  /** Every carrier is done but the slow one. */
  #waitsForSlow(areaId: string, hours: number): void {
    this.#report(areaId, this.#ago(hours + 30), this.#ordered(areaId, hours, null))
  }

  /** One carrier's register was out of order. */
  #failedOnce(areaId: string): void {
    const { steps, answers } = this.#ordered(areaId, 11, { at: this.#ago(8) })
    const vietnamobile = { at: this.#ago(10), failed: 'technical' } as const
    this.#report(areaId, this.#ago(44), {
      steps,
      answers: { ...answers, block: { ...answers.block, vietnamobile } },
    })
  }

  /** A block that was ordered so many hours ago. */
  #ordered(areaId: string, hours: number, slow: CarrierAnswer) {
    const [first, second] = teamOf(areaId, this.#chance)
    const at = this.#ago(hours)
    const steps: readonly Step[] = [
      { move: 'take', at: this.#ago(hours + 20), by: first },
      this.#verify(this.#ago(hours + 2), first),
      { move: 'approve', at, by: second, text: this.#chance.of(REASONS.approve), check: ALL_YES },
    ]
    const quick = Object.fromEntries(
      CARRIERS.map((carrier, turn) => [carrier, { at: later(at, 0.1 + turn * 0.3) }]),
    )
    return { steps, answers: { block: { ...quick, [SLOW]: slow }, unblock: {} } }
  }

  #liftsSlowly(areaId: string, hours: number, which: number): void {
    const submittedAt = this.#ago(900 + which * 333)
    const { steps, answers } = this.#blockedBy(areaId, submittedAt)
    const { steps: back } = this.#unblocking(areaId, this.#ago(hours + 30))
    const at = this.#ago(hours)
    const unblock = Object.fromEntries(
      CARRIERS.map((carrier, turn) => [carrier, { at: later(at, 0.1 + turn * 0.2) }]),
    )
    const times = [this.#ago(hours + 30), this.#ago(hours + 4), at]
    this.#report(areaId, submittedAt, {
      steps: [...steps, ...back.map((step, turn) => ({ ...step, at: times[turn] ?? at }))],
      answers: { ...answers, unblock: { ...unblock, [SLOW]: null } },
    })
  }

  /** Two phones that two people each say are theirs: one still being verified, one already blocked. */
  #addConflicts(): void {
    const pairs = [
      { hours: 46, steps: [this.#take(this.#ago(46), 'officer-1', 5)], answers: undefined },
      { hours: 320, ...this.#blockedBy('quan-3', this.#ago(320)) },
    ]
    for (const [at, { hours, steps, answers }] of pairs.entries()) {
      const [asked, accepted] = [26 + at * 30, 12 + at * 14]
      const contested = { move: 'contested', at: this.#ago(accepted), by: 'officer-3' } as const
      const first = this.#report('quan-3', this.#ago(hours), {
        steps: [...steps, contested],
        ...(answers && { answers }),
        proof: 'warranty',
      })
      this.#report('quan-1', this.#ago(asked), {
        counterclaim: true,
        phone: first.phone,
        colour: first.colour,
        imeis: first.imeis,
        proof: 'invoice',
        steps: [
          this.#take(this.#ago(asked), 'officer-3', 4),
          {
            ...{ move: 'accept_counterclaim', at: this.#ago(accepted), by: 'officer-3', check: ALL_YES },
            text: REASONS.accept_counterclaim[at % 2] ?? '',
          },
        ],
      })
    }
  }
}

const lastOf = (answers: Readonly<Record<string, { readonly at: Instant }>>): Instant =>
  new Date(Math.max(...Object.values(answers).map(({ at }) => at.getTime())) + 1_000)
