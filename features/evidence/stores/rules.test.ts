import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isTooMany } from './rules.ts'

const LIMITS = { files: 500, percent: 5 }

test('a few go always, many never, and in between it is their share', () => {
  expect(isTooMany({ stored: 6, orphans: 6 }, LIMITS)).toBe(false)
  expect(isTooMany({ stored: 7, orphans: 7 }, LIMITS)).toBe(true)
  expect(isTooMany({ stored: 1_000, orphans: 50 }, LIMITS)).toBe(false)
  expect(isTooMany({ stored: 1_000, orphans: 51 }, LIMITS)).toBe(true)
  expect(isTooMany({ stored: 1_000_000, orphans: 500 }, LIMITS)).toBe(false)
  expect(isTooMany({ stored: 1_000_000, orphans: 501 }, LIMITS)).toBe(true)
})

test('no run clears a store of seven files or more away', () => {
  fc.assert(
    fc.property(fc.integer({ min: 7, max: 1e9 }), (stored) => isTooMany({ stored, orphans: stored }, LIMITS)),
  )
})
