import { expect, test } from 'vitest'
import { EMPTY_CELL, releaseBatch } from '#features/ratings/publication/rules.ts'
import { KINDS, kindOf, QUESTION_KINDS } from './rules.ts'

test.each(QUESTION_KINDS)('%s agrees with itself', (kind) => {
  const { asked, read, options, choices, headline, figures, exported, note } = kindOf(kind)
  // Free text has no choices, and no table contains it.
  const words = asked === 'text_area'
  expect([read === 'words', options === 'none', choices === 'none', exported === 'nothing']).toEqual(
    Array(4).fill(words),
  )
  // A question with several choices is read, counted and labelled as such.
  const several = asked === 'checkboxes'
  expect([choices === 'many', exported === 'codes', note !== null]).toEqual(Array(3).fill(several))
  // Questions with options have figures by option; free text has none.
  expect([figures === 'options', figures === null]).toEqual([options !== 'none', words])
  // Only a scale has one figure for all answers.
  expect(headline !== null).toBe(options === 'scale')
})

test.each(QUESTION_KINDS)('of %s nothing is public before its number of people', (kind) => {
  const answers = (people: number) => ({ respondents: people, counts: { yes: people }, people })
  const { firstPublic } = KINDS[kind]
  expect(firstPublic).toBeGreaterThanOrEqual(10)
  expect(releaseBatch(EMPTY_CELL, answers(firstPublic - 1), kind).released).toBeNull()
  expect(releaseBatch(EMPTY_CELL, answers(firstPublic), kind).released).not.toBeNull()
})

test('a question of an unknown kind waits as long as the most delicate one', () => {
  const answers = (people: number) => ({ respondents: people, counts: { yes: people }, people })
  expect(releaseBatch(EMPTY_CELL, answers(29), undefined).released).toBeNull()
  expect(releaseBatch(EMPTY_CELL, answers(30), undefined).released).not.toBeNull()
})
