import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { GivenAnswers } from '#features/questionnaires/questions/rules.ts'
import { type CodeSplit, NO_CODE_SPLIT, releaseSplit, splitBatch } from '#features/results/splits/rules.ts'
import { addTally, NO_TALLY, type Tally, topTwo, total } from '#features/results/tally-rules.ts'
import { MIN_PUBLIC_GROUP, MIN_SPLIT_GROUP } from '#lib/statistics/groups.ts'
import { type Cell, countBatch, countMissing, EMPTY_CELL, releaseBatch, standingOf } from './rules.ts'

/** Two districts and two departments. */
const AGENCIES = 4
const KINDS = {
  required: 'satisfaction',
  optional: 'single',
  sensitive: 'sensitive',
  several: 'single',
} as const
const QUESTIONS = Object.keys(KINDS) as (keyof typeof KINDS)[]

interface Sent {
  readonly agency: number
  /** One answer of an address counts until some are released. */
  readonly address: number
  readonly answers: GivenAnswers
  readonly withCode: boolean
}

const CODES = ['1', '2', '3', '4', '5', 'na'] as const
const sent = (agencies: number): fc.Arbitrary<Sent> =>
  fc.record({
    agency: fc.nat({ max: agencies - 1 }),
    // A few addresses send many of the answers.
    address: fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 1000 })),
    withCode: fc.boolean(),
    answers: fc.record(
      {
        required: fc.constantFrom(...CODES),
        optional: fc.constantFrom(...CODES),
        sensitive: fc.constantFrom('yes', 'no'),
        several: fc.subarray(['a', 'b', 'c']),
      },
      { requiredKeys: ['required'] },
    ),
  })

/** Everything public at one moment, as numbers of people by name. */
type Look = Readonly<Record<string, number>>

/** The people whose answers a number counts. */
type People = ReadonlySet<number>
const union = (a: People | undefined, b: Iterable<number>): People => new Set([...(a ?? []), ...b])

/** An agency's figures as the product keeps them: answers are added, and ten people release them. */
class Agency {
  #waiting: Sent[] = []
  /**
   * `#untold`: the addresses whose answers to a question are not public yet; `told`: those of each release of the required one.
   */
  readonly #untold = new Map<string, People>()
  readonly told: People[] = []
  readonly cells = new Map<string, Cell>()
  readonly months = new Map<string, Tally>()
  split: CodeSplit = NO_CODE_SPLIT
  all: Record<string, Tally> = {}

  take(one: Sent, month: number): void {
    this.#waiting.push(one)
    if (new Set(this.#waiting.map(({ address }) => address)).size < MIN_PUBLIC_GROUP) return
    const seen = new Set<number>()
    const ten = this.#waiting.map((sent) => {
      const repeated = seen.has(sent.address)
      seen.add(sent.address)
      return { ...sent, repeated }
    })
    this.#waiting = []
    for (const [question, batch] of Object.entries(countBatch(ten))) {
      const from = ten.filter(({ answers }) => (answers[question]?.length ?? 0) > 0)
      this.#untold.set(
        question,
        union(
          this.#untold.get(question),
          from.map(({ address }) => address),
        ),
      )
      const { cell, released } = releaseBatch(
        this.cells.get(question) ?? EMPTY_CELL,
        batch,
        KINDS[question as keyof typeof KINDS],
      )
      this.cells.set(question, cell)
      this.all[question] = addTally(this.all[question] ?? NO_TALLY, {
        respondents: batch.respondents,
        counts: batch.counts,
      })
      if (released) {
        if (question === 'required') this.told.push(this.#untold.get(question) ?? new Set())
        this.#untold.delete(question)
      }
      const key = `${question} ${month}`
      if (released) this.months.set(key, addTally(this.months.get(key) ?? NO_TALLY, released))
    }
    const headline = ten.map(({ answers, withCode, repeated }) => ({
      code: String(answers.required),
      withCode,
      repeated,
    }))
    this.split = releaseSplit(this.split, splitBatch(headline))
  }
}

/** Returns every published table: each agency's cells, months and split, and the sums of kinds and city. */
function lookAt(agencies: readonly Agency[], months: number): Look {
  const look: Record<string, number> = {}
  const count = (name: string, of: (agency: Agency) => number) => {
    const counts = agencies.map(of)
    counts.forEach((people, at) => {
      look[`${name}, agency ${at}`] = people
    })
    const [districts, departments] = [counts.slice(0, 2), counts.slice(2)].map((some) =>
      some.reduce((sum, people) => sum + people, 0),
    )
    look[`${name}, districts`] = districts ?? 0
    look[`${name}, departments`] = departments ?? 0
    look[`${name}, city`] = (districts ?? 0) + (departments ?? 0)
  }
  for (const question of QUESTIONS) {
    count(question, ({ cells }) => cells.get(question)?.published.respondents ?? 0)
    for (let month = 0; month < months; month++) {
      count(
        `${question} in ${month}`,
        (agency) => agency.months.get(`${question} ${month}`)?.respondents ?? 0,
      )
    }
  }
  count('with code', ({ split }) => total(split.published.withCode))
  count('without code', ({ split }) => total(split.published.withoutCode))
  return look
}

const hides = (people: number): boolean => people === 0 || people >= MIN_PUBLIC_GROUP

/** Returns every sum of some of the numbers. */
const sums = (numbers: readonly number[]): number[] =>
  numbers.reduce<number[]>((some, one) => [...new Set(some.flatMap((sum) => [sum, sum + one]))], [0])

const MONTHS = 3
const stream = fc
  .array(fc.tuple(sent(AGENCIES), fc.nat({ max: 40 })), { minLength: 100, maxLength: 500 })
  .map((all) => all.map(([one, chance]) => ({ one, nextMonth: chance === 0 })))

describe('the published figures', () => {
  test('never give away one to nine people: no cell, no two looks, no part taken from its whole', () => {
    fc.assert(
      fc.property(stream, (answers) => {
        const agencies = Array.from({ length: AGENCIES }, () => new Agency())
        const looks: Look[] = [lookAt(agencies, MONTHS)]
        let month = 0
        for (const { one, nextMonth } of answers) {
          if (nextMonth) month = Math.min(month + 1, MONTHS - 1)
          agencies[one.agency]?.take(one, month)
          looks.push(lookAt(agencies, MONTHS))
        }
        const distinct = looks.filter((look, at) => JSON.stringify(look) !== JSON.stringify(looks[at - 1]))
        for (const [at, look] of distinct.entries()) {
          for (const [name, people] of Object.entries(look)) {
            if (!hides(people)) throw new Error(`${name}: ${people}`)
            for (const earlier of distinct.slice(0, at)) {
              const more = people - (earlier[name] ?? 0)
              if (more < 0 || !hides(more)) throw new Error(`${name}: ${more} more`)
            }
          }
          partsOf(look)
        }
        for (const { cells, months, all, told, split } of agencies) {
          // Answers to the required question become public for ten people or more at once, however many answers each gave.
          for (const people of told) expect(people.size).toBeGreaterThanOrEqual(MIN_PUBLIC_GROUP)
          const sides = total(split.published.withCode) + total(split.published.withoutCode)
          expect(sides === 0 || sides >= MIN_SPLIT_GROUP).toBe(true)
          for (const [question, { published, held }] of cells) {
            // No answer is lost, and the months add up to the whole.
            expect(addTally(published, held)).toEqual(all[question])
            const ofMonths = [...months].filter(([key]) => key.startsWith(`${question} `))
            expect(ofMonths.map(([, tally]) => tally).reduce(addTally, NO_TALLY)).toEqual(published)
          }
          const sensitive = cells.get('sensitive')?.published.respondents ?? 0
          expect(sensitive === 0 || sensitive >= 30).toBe(true)
        }
      }),
      { numRuns: 40 },
    )
  })

  /** Checks that taking parts (agencies, months or codes) from a whole leaves nobody, or ten people and more. */
  function partsOf(look: Look): void {
    const of = (name: string) => look[name] ?? 0
    for (const question of QUESTIONS) {
      const agencies = Array.from({ length: AGENCIES }, (_, at) => of(`${question}, agency ${at}`))
      for (const taken of sums(agencies)) {
        const left = of(`${question}, city`) - taken
        if (!hides(left)) throw new Error(`${question}: ${left} left of the city`)
      }
      for (const place of ['agency 0', 'districts', 'city']) {
        const months = Array.from({ length: MONTHS }, (_, month) => of(`${question} in ${month}, ${place}`))
        for (const taken of sums(months)) {
          const left = of(`${question}, ${place}`) - taken
          if (left < 0 || !hides(left)) throw new Error(`${question}: ${left} left of ${place}`)
        }
      }
    }
    for (let at = 0; at < AGENCIES; at++) {
      const [all, withCode, without] = ['required', 'with code', 'without code'].map((name) =>
        of(`${name}, agency ${at}`),
      ) as [number, number, number]
      for (const left of [all - withCode, all - without, all - withCode - without]) {
        if (left < 0 || !hides(left)) throw new Error(`${left} left without codes`)
      }
    }
  }
})

test('where several options are chosen, people are counted once', () => {
  const given = [{ s: ['a', 'b'] }, { s: ['b'] }, { s: [] }, {}]
  expect(countBatch(given.map((answers) => ({ answers, repeated: false })))).toEqual({
    s: { respondents: 2, people: 2, counts: { a: 1, b: 2 } },
  })
})

test('a question is told of ten people, not of ten answers', () => {
  const ten = (repeated: number) =>
    countBatch(Array.from({ length: 10 }, (_, at) => ({ answers: { q: 'a' }, repeated: at < repeated }))).q
  const one = releaseBatch(EMPTY_CELL, ten(9) ?? { ...NO_TALLY, people: 0 }, 'single')
  expect([one.released, one.cell.heldPeople, one.cell.held.respondents]).toEqual([null, 1, 10])
  const two = releaseBatch(one.cell, ten(1) ?? { ...NO_TALLY, people: 0 }, 'single')
  expect([two.released?.respondents, two.cell.heldPeople, two.cell.held]).toEqual([20, 0, NO_TALLY])
})

test('codes are told apart in steps of thirty people, both sides together and with ten new people each', () => {
  const ten = (withCode: number, repeated = 0) =>
    splitBatch(
      Array.from({ length: 10 }, (_, at) => ({
        code: '4',
        withCode: at < withCode,
        repeated: at >= 10 - repeated,
      })),
    )
  const sidesOf = (batches: readonly ReturnType<typeof ten>[]) => {
    let split = NO_CODE_SPLIT
    return batches.map((batch) => {
      split = releaseSplit(split, batch)
      return [total(split.published.withCode), total(split.published.withoutCode)]
    })
  }
  expect(sidesOf([10, 0, 5, 5, 5, 5, 0, 0, 10].map((withCode) => ten(withCode)))).toEqual([
    [0, 0],
    [0, 0],
    [15, 15],
    [15, 15],
    [15, 15],
    [30, 30],
    [30, 30],
    [30, 30],
    [40, 50],
  ])
  // Answers of one address count as one person on their side.
  expect(sidesOf([ten(0), ten(10), ten(5, 5), ten(5)])).toEqual([
    [0, 0],
    [0, 0],
    [0, 0],
    [20, 20],
  ])
})

test('the share is of the top two, without those it did not apply to', () => {
  const share = topTwo({ counts: { '1': 2, '3': 2, '4': 5, '5': 11, na: 7 } })
  expect(share).toMatchObject({ base: 20, value: 0.8 })
  // Computed by hand from Wilson's formula with n = 20, p = 0.8, z = 1.96.
  expect(share?.low).toBeCloseTo(0.584, 3)
  expect(share?.high).toBeCloseTo(0.9193, 3)
  expect(topTwo({ counts: { '4': 9, na: 30 } })).toBeNull()
})

test('standings and what is missing follow the public count alone', () => {
  expect([0, 9, 10, 29, 30].map(standingOf)).toEqual(['suppressed', 'suppressed', 'few', 'few', 'full'])
  expect([0, 10, 20, 30, 500].map(countMissing)).toEqual([10, 20, 10, 0, 0])
})

test('what is missing is missing of the public answers, at however many versions the answers wait', () => {
  const versions = fc.array(fc.nat({ max: 1 }), { minLength: 1, maxLength: 120 })
  fc.assert(
    fc.property(versions, (given) => {
      const waiting = [0, 0]
      let published = 0
      let [standing, needed] = [standingOf(published), countMissing(published)]
      for (const version of given) {
        waiting[version] = ((waiting[version] ?? 0) + 1) % MIN_PUBLIC_GROUP
        if (waiting[version] !== 0) continue
        published += MIN_PUBLIC_GROUP
        needed -= MIN_PUBLIC_GROUP
        expect(standingOf(published) !== standing).toBe(standing !== 'full' && needed === 0)
        if (needed <= 0) [standing, needed] = [standingOf(published), countMissing(published)]
      }
    }),
  )
})
