import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addMilliseconds, DAY } from '#lib/time.ts'
import type { Question } from '../questions/rules.ts'
import { askedQuestions, type DatedQuestionnaire, trialsBy } from './rules.ts'

const now = new Date('2026-11-24T03:00:00Z')
const question = (key: string, vi = key, required = true): Question => ({
  ...{ key, kind: 'single', required, vi, en: vi, source: '' },
  options: [
    { code: 'yes', vi: 'Có', en: 'Yes' },
    { code: 'no', vi: 'Không', en: 'No' },
  ],
})
const version = (
  number: number,
  since: number,
  questions: readonly Question[],
  trial: Partial<DatedQuestionnaire> = {},
): DatedQuestionnaire => ({
  ...{ version: number, legalBasis: 'x', questions: [...questions] },
  ...{ publishedAt: addMilliseconds(now, since * DAY), retiredAt: null, trialPercent: null },
  ...{ trialEndsAt: null, adoptedAt: null, ...trial },
})
const trial = (until: number) => ({ trialPercent: 50, trialEndsAt: addMilliseconds(now, until * DAY) })
const told = (all: readonly DatedQuestionnaire[]) =>
  askedQuestions(all, now).map(({ question, version, versions, use }) => [
    question.vi,
    version,
    [...versions],
    use,
  ])

test('the version in use comes first and whole, unchanged questions once, a trial last', () => {
  const all = [
    version(1, -300, [question('a'), question('b'), question('c')]),
    version(2, -100, [question('a'), question('b', 'b anew')]),
    version(3, -10, [question('d'), question('a'), question('b', 'b tried')], trial(20)),
  ]
  expect(told(all)).toEqual([
    ['a', 2, [1, 2, 3], 'current'],
    ['b anew', 2, [2], 'current'],
    ['b', 1, [1], 'past'],
    ['c', 1, [1], 'past'],
    ['d', 3, [3], 'trial'],
    ['b tried', 3, [3], 'trial'],
  ])
  expect(trialsBy(all, now)).toMatchObject([
    { version: 3, percent: 50, until: addMilliseconds(now, 20 * DAY) },
  ])
})

test('a question that is asked after other answers than before is another one', () => {
  const led = (...codes: string[]) => ({ ...question('b', 'b', false), shownIf: { key: 'a', codes } })
  const all = [
    version(1, -300, [question('a'), led('no')]),
    version(2, -200, [question('a'), led('no')]),
    version(3, -100, [question('a'), led('yes', 'no')]),
  ]
  expect(told(all)).toEqual([
    ['a', 3, [1, 2, 3], 'current'],
    ['b', 3, [3], 'current'],
    ['b', 2, [1, 2], 'past'],
  ])
})

test('an adopted trial is the version in use, a dropped one stays apart', () => {
  const base = version(1, -300, [question('a')])
  const adopted = version(2, -30, [question('a', 'a anew')], {
    ...trial(20),
    adoptedAt: addMilliseconds(now, -DAY),
  })
  expect(told([base, adopted])).toEqual([
    ['a anew', 2, [2], 'current'],
    ['a', 1, [1], 'past'],
  ])
  const dropped = version(2, -30, [question('a', 'a anew')], {
    ...trial(20),
    retiredAt: addMilliseconds(now, -DAY),
  })
  expect(told([base, dropped])).toEqual([
    ['a', 1, [1], 'current'],
    ['a anew', 2, [2], 'trial'],
  ])
})

test('an option that says something else makes another question; one that became optional does not', () => {
  const [option, ...others] = question('a').options
  const reworded = { ...question('a'), options: [{ ...(option ?? others[0]), vi: 'Vâng' }, ...others] }
  expect(told([version(1, -9, [question('a')]), version(2, -1, [reworded as Question])])).toHaveLength(2)
  expect(told([version(1, -9, [question('a')]), version(2, -1, [question('a', 'a', false)])])).toEqual([
    ['a', 2, [1, 2], 'current'],
  ])
})

test('each version’s question is in exactly one figure, for any versions', () => {
  const words = fc.constantFrom('x', 'y')
  const some = fc.uniqueArray(fc.record({ key: fc.constantFrom('a', 'b', 'c'), words }), {
    selector: ({ key }) => key,
    minLength: 1,
  })
  const versions = fc.array(
    fc.record({ some, since: fc.integer({ min: -50, max: 5 }), tried: fc.boolean() }),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  fc.assert(
    fc.property(versions, (drawn) => {
      const all = drawn.map(({ some, since, tried }, at) =>
        version(
          at + 1,
          since,
          some.map(({ key, words }) => question(key, words)),
          tried ? trial(3) : {},
        ),
      )
      const asked = askedQuestions(all, now)
      const figures = asked.flatMap(({ question, versions }) =>
        versions.map((one) => `${question.key} ${one}`),
      )
      const begun = all.filter(({ publishedAt }) => publishedAt !== null && publishedAt <= now)
      const every = begun.flatMap(({ version, questions }) => questions.map(({ key }) => `${key} ${version}`))
      expect(figures.toSorted()).toEqual(every.toSorted())
    }),
  )
})
