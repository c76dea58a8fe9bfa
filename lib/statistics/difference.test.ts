import fc from 'fast-check'
import { expect, test } from 'vitest'
import { differenceInterval, stratifiedDifference } from './difference.ts'

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

test('over one stratum it is the difference itself, and over several an office weighs the same in both', () => {
  const share = fc
    .integer({ min: 1, max: 300 })
    .chain((base) => fc.integer({ min: 0, max: base }).map((top) => ({ top, base })))
  fc.assert(
    fc.property(share, share, fc.constantFrom(1, 2.8), (now, before, dispersion) => {
      const one = stratifiedDifference([{ now, before }], dispersion)
      const { low, high } = differenceInterval(now, before, dispersion)
      expect(one?.value).toBeCloseTo(now.top / now.base - before.top / before.base)
      expect([one?.low, one?.high]).toEqual([expect.closeTo(low), expect.closeTo(high)])
    }),
  )
  expect(stratifiedDifference([])).toBeNull()
  // Each office is equally content with both versions; more people of the better one answered the first.
  const strata = [
    { now: { top: 90, base: 100 }, before: { top: 18, base: 20 } },
    { now: { top: 10, base: 20 }, before: { top: 50, base: 100 } },
  ]
  const told = stratifiedDifference(strata)
  expect(told?.value).toBeCloseTo(0)
  expect(told?.low).toBeLessThan(0)
  expect(told?.high).toBeGreaterThan(0)
})
