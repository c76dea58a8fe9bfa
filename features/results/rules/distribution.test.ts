import { expect, test } from 'vitest'
import { chosen, NO_TALLY } from './distribution.ts'

test('an option by hand: 16 of 20, and one that nobody chose', () => {
  const tally = { respondents: 20, counts: { yes: 16, no: 4 } }
  const yes = chosen(tally, 'yes')
  expect(yes).toMatchObject({ count: 16, share: 0.8 })
  expect(yes?.low).toBeCloseTo(0.584, 3)
  expect(yes?.high).toBeCloseTo(0.9193, 3)
  const none = chosen(tally, 'maybe')
  expect(none).toMatchObject({ count: 0, share: 0, low: 0 })
  expect(none?.high).toBeCloseTo(0.1611, 3)
})

test('of nobody there is no share', () => {
  expect(chosen(NO_TALLY, 'yes')).toBeNull()
})
