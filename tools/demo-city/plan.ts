import { addMilliseconds, DAY, fromLocal, HOUR, type Instant, localDate, MINUTE } from '#lib/time.ts'
import { Chance } from './chance.ts'
import { ALL_YES, CARRIERS, Episodes, later, SLOW } from './episodes.ts'
import { nameOf } from './people.ts'
import { imeiOf, MODELS } from './phones.ts'
import { areaAt, DEMO, MAIN, SECOND, WEIGHED } from './places.ts'
import type { By, Step, Story } from './story.ts'
import { ANYWHERE, ASKED, CITIZEN, REASONS, REJECTED, STORIES } from './words.ts'

const TYPES = [
  ['snatched', 54],
  ['stolen', 22],
  ['robbed', 12],
  ['lost', 12],
] as const
/** Weights of the hours: most phones are taken in the evening, and when offices and schools end. */
const HOURS: readonly (readonly [number, number])[] = [
  2, 1, 1, 1, 1, 2, 3, 5, 4, 4, 4, 5, 5, 4, 4, 4, 5, 8, 10, 12, 12, 11, 8, 4,
].map((weight, hour) => [hour, weight])
/** Weights from January to December: more before Tết, fewer in the rainy season. */
const MONTHS = [13, 10, 7, 7, 6, 6, 7, 7, 8, 9, 10, 12]

/** Blocked phones, by how many days ago they were reported: count, from, to. */
const BLOCKED = [
  [8, 7, 30],
  [15, 31, 59],
  [14, 60, 89],
  [10, 90, 119],
  [6, 120, 200],
] as const

/** Makes the stories of the city, in the order of their reports. */
export class Plan {
  readonly #chance = new Chance(20_161_127)
  readonly #episodes: Episodes
  readonly #now: Instant
  readonly #stories: Story[] = []
  readonly #areas: readonly (readonly [string, number])[]

  /** @param areaIds the existing areas */
  constructor(now: Instant, areaIds: readonly string[]) {
    this.#now = now
    this.#episodes = new Episodes(this.#chance, now)
    this.#areas = WEIGHED.filter(([id]) => areaIds.includes(id))
  }

  make(): readonly Story[] {
    this.#addOpen()
    this.#addSettled()
    this.#addConflicts()
    this.#addWatched()
    return this.#stories.toSorted((a, b) => a.submittedAt.getTime() - b.submittedAt.getTime())
  }

  /** Adds a report with all its details; the caller gives its steps. */
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
      contests: false,
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
      nationalId: `${DEMO.national_id}${(n * 3 + 1 + (n % 2)) % 2}${String(60 + ((n * 7) % 40)).padStart(2, '0')}${String((n * 7919) % 1_000_000).padStart(6, '0')}`,
      address: `${chance.whole(3, 480)} ${chance.of(DEMO.streets)}`,
      place: chance.of(DEMO.places[areaId] ?? ANYWHERE),
      story: chance.of(STORIES[type]),
      sim: String(1_000_000 + n * 7_211).slice(-7),
      answers: { block: {}, unblock: {} },
      ...more,
    }
    this.#stories.push(story)
    return story
  }

  /** Adds the cases that wait today: only a few, so that a visitor's own report is easy to see among them. */
  #addOpen(): void {
    const open = (areaId: string, hours: number, steps: readonly Step[] = [], more: Partial<Story> = {}) =>
      this.#report(areaId, this.#episodes.ago(hours), { steps, ...more })
    const taken = (areaId: string, hours: number, by: By, after: number, more: readonly Step[] = []) =>
      open(areaId, hours, [this.#episodes.take(this.#episodes.ago(hours), by, after), ...more])
    const verified = (by: By, hours: number): Step => this.#episodes.verify(this.#episodes.ago(hours), by)
    const asked = (by: By, hours: number, which: number): Step => {
      const [reasonCode, text] = ASKED[which % ASKED.length] ?? ASKED[0]
      return { move: 'request_info', at: this.#episodes.ago(hours), by, reasonCode, text }
    }

    open(MAIN, 21.4, [], { type: 'snatched' })
    open(MAIN, 2.2, [], { type: 'robbed' })
    // Two of these reports have no IMEI yet.
    for (const [at, areaId] of [
      SECOND,
      SECOND,
      areaAt(2),
      areaAt(3),
      areaAt(4),
      areaAt(5),
      areaAt(8),
    ].entries())
      open(areaId, 1.5 + at * 2.6, [], at % 3 === 2 ? { imeis: [] } : {})

    // One is late, so that it is the first in its queue.
    taken(MAIN, 190, 'officer-1', 9)
    taken(MAIN, 30, 'officer-2', 5)
    taken(SECOND, 27, 'officer-3', 6)
    for (const [at, areaId] of [SECOND, areaAt(2), areaAt(3), areaAt(6), areaAt(7), areaAt(9)].entries())
      taken(areaId, 20 + at * 1.7, at % 2 === 0 ? 'city-police-1' : 'city-police-2', 3 + at)
    for (const [at, areaId] of [areaAt(10), areaAt(5), areaAt(12), areaAt(4), areaAt(13)].entries())
      open(areaId, 130 + at * 22, [
        this.#episodes.take(this.#episodes.ago(130 + at * 22), 'city-police-1', 4),
        asked('city-police-1', 100 + at * 20, at),
        { move: 'reply', at: this.#episodes.ago(9 + at), by: 'citizen', text: CITIZEN.reply },
      ])
    this.#appealed()

    taken(MAIN, 80, 'officer-1', 7, [asked('officer-1', 66, 0)])
    for (const [at, areaId] of [SECOND, areaAt(3), areaAt(16), areaAt(2), areaAt(11)].entries())
      taken(areaId, 96 + at * 21, 'city-police-2', 5, [asked('city-police-2', 70 + at * 19, at + 1)])

    taken(MAIN, 29, 'officer-2', 3, [verified('officer-2', 4)])
    taken(SECOND, 26, 'officer-3', 4, [verified('officer-3', 6)])
    taken(areaAt(3), 25, 'city-police-1', 3, [verified('city-police-1', 5)])
    taken(areaAt(2), 24, 'city-police-2', 3, [verified('city-police-2', 7)])

    for (const [at, areaId] of [MAIN, areaAt(6), areaAt(7)].entries()) {
      const { steps, answers } = this.#episodes.blockedBy(areaId, this.#episodes.ago(620 + at * 410))
      const asks = { move: 'request_unblock', at: this.#episodes.ago(14 + at * 5), by: 'citizen' } as const
      this.#report(areaId, this.#episodes.ago(620 + at * 410), {
        steps: [...steps, { ...asks, text: CITIZEN.request_unblock }],
        answers,
      })
    }
  }

  /** Adds a rejected report with an open appeal, which other people must decide. */
  #appealed(): void {
    const [reasonCode, text] = REJECTED[0]
    this.#report(areaAt(4), this.#episodes.ago(212), {
      steps: [
        this.#episodes.take(this.#episodes.ago(212), 'city-police-2', 6),
        { move: 'reject', at: this.#episodes.ago(160), by: 'city-police-2', reasonCode, text },
        { move: 'appeal', at: this.#episodes.ago(17), by: 'citizen', text: CITIZEN.appeal },
      ],
    })
  }

  /** Returns a random moment for an incident in a range of days before today, distributed by months and hours. */
  #reported(daysAgo: number, atLeast: number): Instant {
    const chance = this.#chance
    for (;;) {
      const day = addMilliseconds(this.#now, -chance.between(atLeast, daysAgo) * DAY)
      const [year = 0, month = 1, date = 1] = localDate(day).split('-').map(Number)
      if (chance.next() * 13 >= (MONTHS[month - 1] ?? 0)) continue
      return fromLocal(year, month, date, chance.weighted(HOURS), chance.whole(0, 59)) ?? day
    }
  }

  /** Adds a report of an incident at a moment from `#reported`, made some hours later. */
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
    // Enough in each of the last months for a carrier's figures, which need at least ten orders.
    for (const [count, from, to] of BLOCKED) {
      many(count, () => this.#settled(to, from, (areaId, at) => this.#episodes.blockedBy(areaId, at)))
    }
    many(8, () => this.#settled(170, 60, (areaId, at) => this.#episodes.returned(areaId, at)))
    many(18, (at) => this.#settled(78, 20, (areaId, sent) => this.#episodes.rejected(areaId, sent, at)))
    many(18, (at) => this.#settled(165, 20, (areaId, sent) => this.#episodes.withdrawn(areaId, sent, at)))
    many(18, (at) => this.#settled(160, 31, (areaId, sent) => this.#episodes.lapsed(areaId, sent, at)))
    for (const [at, hours] of [2, 5, 9].entries())
      this.#waitsForSlow([MAIN, SECOND, areaAt(15)][at] ?? '', hours)
    this.#failedOnce(areaAt(14))
    for (const [at, hours] of [3, 8].entries()) this.#liftsSlowly([MAIN, areaAt(11)][at] ?? '', hours, at)
  }

  /** Adds two phones that carriers watch before they are blocked. */
  #addWatched(): void {
    for (const hours of [30, 52]) {
      const { steps, answers } = this.#episodes.ordered(MAIN, hours, {
        at: this.#episodes.ago(hours - 2),
      })
      this.#report(MAIN, this.#episodes.ago(hours + 30), {
        steps: [{ move: 'watch', at: this.#episodes.ago(hours + 29), by: 'citizen' }, ...steps],
        answers: { watch: answers.block },
      })
    }
  }

  /** Adds a block that every carrier except the slow one has carried out. */
  #waitsForSlow(areaId: string, hours: number): void {
    this.#report(areaId, this.#episodes.ago(hours + 30), this.#episodes.ordered(areaId, hours, null))
  }

  /** Adds a block that one carrier answered with a failure: its register was out of order. */
  #failedOnce(areaId: string): void {
    const { steps, answers } = this.#episodes.ordered(areaId, 11, { at: this.#episodes.ago(8) })
    const vietnamobile = { at: this.#episodes.ago(10), failed: 'technical' } as const
    this.#report(areaId, this.#episodes.ago(44), {
      steps,
      answers: { ...answers, block: { ...answers.block, vietnamobile } },
    })
  }

  #liftsSlowly(areaId: string, hours: number, which: number): void {
    const submittedAt = this.#episodes.ago(900 + which * 333)
    const { steps, answers } = this.#episodes.blockedBy(areaId, submittedAt)
    const { steps: back } = this.#episodes.unblocking(areaId, this.#episodes.ago(hours + 30))
    const at = this.#episodes.ago(hours)
    const unblock = Object.fromEntries(
      CARRIERS.map((carrier, turn) => [carrier, { at: later(at, 0.1 + turn * 0.2) }]),
    )
    const times = [this.#episodes.ago(hours + 30), this.#episodes.ago(hours + 4), at]
    this.#report(areaId, submittedAt, {
      steps: [...steps, ...back.map((step, turn) => ({ ...step, at: times[turn] ?? at }))],
      answers: { ...answers, unblock: { ...unblock, [SLOW]: null } },
    })
  }

  /** Adds two phones that two people each claim: one still being verified, one already blocked. */
  #addConflicts(): void {
    const pairs = [
      {
        hours: 46,
        steps: [
          this.#episodes.take(this.#episodes.ago(46), 'officer-1', 5),
          this.#episodes.verify(this.#episodes.ago(30), 'officer-1'),
        ],
        answers: undefined,
      },
      { hours: 320, ...this.#episodes.blockedBy(MAIN, this.#episodes.ago(320)) },
    ]
    for (const [at, { hours, steps, answers }] of pairs.entries()) {
      const [asked, accepted] = [26 + at * 30, 12 + at * 14]
      const contested = { move: 'contested', at: this.#episodes.ago(accepted), by: 'officer-3' } as const
      const first = this.#report(MAIN, this.#episodes.ago(hours), {
        steps: [...steps, contested],
        ...(answers && { answers }),
        proof: 'warranty',
      })
      this.#report(SECOND, this.#episodes.ago(asked), {
        contests: true,
        phone: first.phone,
        colour: first.colour,
        imeis: first.imeis,
        proof: 'invoice',
        steps: [
          this.#episodes.take(this.#episodes.ago(asked), 'officer-3', 4),
          {
            ...{
              move: 'accept_counterclaim',
              at: this.#episodes.ago(accepted),
              by: 'officer-3',
              check: ALL_YES,
            },
            text: REASONS.accept_counterclaim[at % 2] ?? '',
          },
        ],
      })
    }
  }
}
