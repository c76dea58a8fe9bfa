import fc from 'fast-check'
import { expect, test } from 'vitest'
import seeded from '#cities/viet-nam/questions.json' with { type: 'json' }
import {
  hasOptions,
  kindOf,
  QUESTION_KINDS,
  type Question,
  questionsSchema,
} from '#features/questionnaires/questions/rules.ts'
import { answerSteps, bestFirst } from './rules.ts'

const questions = questionsSchema.parse(seeded.questions)
const of = (key: string): Question => questions.find((one) => one.key === key) ?? expect.fail(key)

test('a scale is read from its best answer, and who it did not apply to is named and left out', () => {
  const counts = { '1': 1, '2': 2, '3': 7, '4': 20, '5': 10, na: 10 }
  const { parts, good, aside } = answerSteps(of('r4'), { respondents: 50, counts })
  expect(parts.map(({ code, step, share }) => [code, step, share])).toEqual([
    ['5', 5, 0.25],
    ['4', 4, 0.5],
    ['3', 3, 0.175],
    ['2', 2, 0.05],
    ['1', 1, 0.025],
  ])
  expect(good).toMatchObject({ words: 'satisfied', share: 0.75 })
  expect(good?.low).toBeLessThan(0.75)
  expect(aside).toEqual([{ code: 'na', count: 10 }])
})

test('options stand in the order of the bars, what did not apply after them', () => {
  expect(bestFirst(of('r4'))).toEqual(['5', '4', '3', '2', '1', 'na'])
  expect(bestFirst(of('r2'))).toEqual(['early', 'ontime', 'late_told', 'late_untold', 'notdue'])
  // No answer is better than another, so the form's order stays.
  expect(bestFirst(of('e1'))).toEqual(of('e1').options.map(({ code }) => code))
})

test('late is never beside satisfied: known answers have their own good ones', () => {
  const counts = { early: 2, ontime: 8, late_told: 5, late_untold: 5, notdue: 30 }
  const { parts, good, aside } = answerSteps(of('r2'), { respondents: 50, counts })
  expect(parts.map(({ step }) => step)).toEqual([5, 4, 2, 1])
  expect(good).toMatchObject({ words: 'onTime', share: 0.5 })
  expect(aside).toEqual([{ code: 'notdue', count: 30 }])
  expect(answerSteps(of('r6'), { respondents: 10, counts: { right: 9, fixed: 1 } }).good?.share).toBe(0.9)
})

test('an answer that is no better than another has no shade and no share of good ones', () => {
  const { parts, good } = answerSteps(of('e1'), { respondents: 10, counts: { online: 4, counter: 6 } })
  expect(parts.map(({ code, step }) => [code, step])).toEqual([
    ['counter', null],
    ['online', null],
    ['post', null],
    ['proxy', null],
  ])
  expect(good).toBeNull()
})

test.each(QUESTION_KINDS.filter(hasOptions))(
  'an answer of %s is of all who answered, or of all that were given where one person gives one',
  (kind) => {
    const counts = { '1': 80, '2': 70, '3': 50 }
    const options = Object.keys(counts).map((code) => ({ code, vi: code, en: code }))
    const { parts } = answerSteps({ ...of('e1'), kind, options }, { respondents: 100, counts })
    const base = kindOf(kind).choices === 'many' ? 100 : 200
    const shares = Object.fromEntries(
      parts.flatMap(({ code, count, share }) => (count ? [[code, share]] : [])),
    )
    expect(shares).toEqual({ '1': 80 / base, '2': 70 / base, '3': 50 / base })
  },
)

test('below ten people to whom it applied there is no share', () => {
  expect(answerSteps(of('r4'), { respondents: 40, counts: { '5': 9, na: 31 } }).good).toBeNull()
})

test('the parts of a bar fill it, for any answers', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...questions.filter(({ kind }) => kind !== 'text')),
      fc.infiniteStream(fc.nat(500)),
      (question, stream) => {
        const counts = Object.fromEntries(
          question.options.map(({ code }) => [code, stream.next().value as number]),
        )
        const respondents = Object.values(counts).reduce((sum, count) => sum + count, 0)
        const { parts, aside } = answerSteps(question, { respondents, counts })
        const people = [...parts, ...aside].reduce((sum, { count }) => sum + count, 0)
        if (parts.length > 0) expect(people).toBe(respondents)
        const widths = parts.reduce((sum, { share }) => sum + share, 0)
        if (parts.length > 0 && widths > 0) expect(widths).toBeCloseTo(1)
        for (const [at, part] of parts.entries())
          expect(part.from).toBeCloseTo(parts.slice(0, at).reduce((sum, { share }) => sum + share, 0))
      },
    ),
  )
})
