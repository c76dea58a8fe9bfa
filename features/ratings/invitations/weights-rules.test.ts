import fc from 'fast-check'
import { expect, test } from 'vitest'
import { classesOf, weigh } from './weights-rules.ts'

const kinds = new Map([
  ['r1', 'satisfaction'],
  ['r5', 'sensitive'],
] as const)
const give = (stratum: string, good: number, bad: number) => [
  ...Array.from({ length: good }, () => ({ stratum, answers: { r1: '5' } })),
  ...Array.from({ length: bad }, () => ({ stratum, answers: { r1: '1' } })),
]

test('a procedure weighs as much as its cases, however many of its people answered', () => {
  // Nine of ten are content with the small procedure, half with the large one.
  const told = weigh(
    [...give('small', 36, 4), ...give('large', 10, 10)],
    new Map([
      ['small', 100],
      ['large', 900],
    ]),
    kinds,
  )
  expect(told.r1).toMatchObject({ respondents: 60, counts: { '5': 46, '1': 14 } })
  expect(told.r1?.weighted).toEqual({ '5': 0.54, '1': 0.46 })
  // 20 people stand for 900 of 1000 cases, so the precision is hardly better than theirs.
  expect(told.r1?.effective).toBeCloseTo(24.2, 0)
  expect(told.r5, 'nobody has answered it').toBeUndefined()
})

test('equal weights change nothing', () => {
  const [one] = Object.values(weigh(give('a', 30, 10), new Map([['a', 400]]), kinds))
  expect(one).toMatchObject({ weighted: { '5': 0.75, '1': 0.25 }, effective: 40 })
})

test('a question is told from ten people on, a delicate one from thirty', () => {
  const cases = new Map([['a', 400]])
  const delicate = (people: number) =>
    weigh(
      Array.from({ length: people }, () => ({ stratum: 'a', answers: { r5: 'no' } })),
      cases,
      kinds,
    )
  expect([weigh(give('a', 9, 0), cases, kinds), delicate(29)]).toEqual([{}, {}])
  expect([Object.keys(weigh(give('a', 10, 0), cases, kinds)), Object.keys(delicate(30))]).toEqual([
    ['r1'],
    ['r5'],
  ])
})

test('no weight is that of fewer than ten people, and none of the cases is lost, for any strata', () => {
  const some = fc.dictionary(
    fc.stringMatching(/^[a-h]$/),
    fc.tuple(fc.integer({ min: 1, max: 500 }), fc.nat(40)),
    {
      minKeys: 1,
    },
  )
  fc.assert(
    fc.property(some, (strata) => {
      const cases = new Map(Object.entries(strata).map(([key, [all]]) => [key, all]))
      const people = new Map(Object.entries(strata).map(([key, [, answered]]) => [key, answered]))
      const sum = (of: ReadonlyMap<string, number>) => [...of.values()].reduce((all, one) => all + one, 0)
      const classes = classesOf(cases, people)
      expect(classes.reduce((all, one) => all + one.cases, 0)).toBe(sum(cases))
      expect(classes.reduce((all, one) => all + one.people, 0)).toBe(sum(people))
      if (sum(people) >= 10) for (const one of classes) expect(one.people).toBeGreaterThanOrEqual(10)
    }),
  )
})
