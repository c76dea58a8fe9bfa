import { expect, test } from 'vitest'
import seeded from '#cities/viet-nam/questions.json' with { type: 'json' }
import { questionsSchema } from '#features/questionnaires/questions/rules.ts'
import { plannedSize } from '#features/questionnaires/versions/publication-rules.ts'
import { compareArms, type TriedAnswer } from './trial-rules.ts'

const questions = questionsSchema.parse(seeded.questions)
const give = (agencyId: string, trial: boolean, good: number, bad: number): TriedAnswer[] =>
  [...Array.from({ length: good }, () => '5'), ...Array.from({ length: bad }, () => '1')].map((r1) => ({
    ...{ agencyId, trial, answers: { r1 } },
  }))
const compare = (answers: readonly TriedAnswer[]) =>
  compareArms({ trial: questions, control: questions }, answers, 1)
const headline = (answers: readonly TriedAnswer[]) =>
  compare(answers).questions.find(({ key }) => key === 'r1')

test('an office where one version has fewer than ten people is in no comparison', () => {
  const both = [...give('a', true, 8, 4), ...give('a', false, 30, 30)]
  const told = compare([...both, ...give('b', true, 9, 0), ...give('b', false, 0, 40)])
  expect(told).toMatchObject({ agencies: 1, answers: { trial: 12, control: 60 } })
  expect(headline(both)).toMatchObject({
    ...{ same: true, trial: { respondents: 12 }, control: { respondents: 60 } },
    difference: { value: expect.closeTo(8 / 12 - 0.5) },
  })
  expect(headline(give('a', true, 30, 0))?.difference).toBeNull()
})

test('more people of a better office make no difference of versions', () => {
  const told = headline([
    ...[...give('good', true, 90, 10), ...give('good', false, 18, 2)],
    ...[...give('bad', true, 10, 10), ...give('bad', false, 50, 50)],
  ])
  expect(told?.difference?.value).toBeCloseTo(0)
  // Pooled over both offices, the difference would be 27 points.
})

test('a smaller difference and a smaller share of the forms ask for their size', () => {
  expect([plannedSize(10, 50), plannedSize(20, 50), plannedSize(10, 5)]).toEqual([589, 148, 310])
})
