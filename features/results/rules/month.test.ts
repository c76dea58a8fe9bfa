import { expect, test } from 'vitest'
import { fractionPassed } from './month.ts'

test.each([
  ['2026-11-01', 0],
  ['2026-11-27', 26 / 30],
  ['2026-02-15', 14 / 28],
  ['2028-02-29', 28 / 29],
  ['2026-12-31', 30 / 31],
])('when %s begins, so much of its month has passed', (date, share) => {
  expect(fractionPassed(date)).toBeCloseTo(share, 12)
})
