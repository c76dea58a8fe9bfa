import fc from 'fast-check'
import { expect, test } from 'vitest'
import { differenceInterval } from './difference.ts'

// Newcombe 1998, table II, method 10.
test.each([
  [56, 70, 48, 80, 0.0524, 0.3339],
  [9, 10, 3, 10, 0.1705, 0.809],
  [6, 7, 2, 7, 0.0582, 0.8062],
  [5, 56, 0, 29, -0.0381, 0.1926],
  [0, 10, 0, 20, -0.1611, 0.2775],
  [10, 10, 0, 20, 0.6791, 1],
])('%i of %i less %i of %i lies between %f and %f', (a, m, b, n, low, high) => {
  const interval = differenceInterval({ top: a, base: m }, { top: b, base: n })
  expect(interval.low).toBeCloseTo(low, 4)
  expect(interval.high).toBeCloseTo(high, 4)
})

const sample = fc
  .integer({ min: 1, max: 20_000 })
  .chain((base) => fc.record({ top: fc.integer({ min: 0, max: base }), base: fc.constant(base) }))

test('it holds the difference, stays within -1 and 1, and turns about when the two are exchanged', () => {
  fc.assert(
    fc.property(sample, sample, (now, before) => {
      const { low, high } = differenceInterval(now, before)
      const difference = now.top / now.base - before.top / before.base
      expect(low).toBeLessThanOrEqual(difference)
      expect(high).toBeGreaterThanOrEqual(difference)
      expect(low).toBeGreaterThanOrEqual(-1 - 1e-12)
      expect(high).toBeLessThanOrEqual(1 + 1e-12)
      const turned = differenceInterval(before, now)
      expect(turned.low).toBeCloseTo(-high, 10)
      expect(turned.high).toBeCloseTo(-low, 10)
    }),
  )
})
