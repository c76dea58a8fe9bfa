import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wilsonInterval } from './wilson.ts'

// R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statist. Med. 17 (1998) 857–872,
// table I, method 3: the score interval without continuity correction.
test.each([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])('%i of %i lies between %f and %f', (successes, n, low, high) => {
  const interval = wilsonInterval(successes, n)
  expect(interval.low).toBeCloseTo(low, 4)
  expect(interval.high).toBeCloseTo(high, 4)
})

const share = fc
  .integer({ min: 1, max: 100_000 })
  .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)))

test('it contains the share, stays within 0 and 1, and is symmetric', () => {
  fc.assert(
    fc.property(share, ([successes, n]) => {
      const { low, high } = wilsonInterval(successes, n)
      expect(low).toBeGreaterThanOrEqual(0)
      expect(high).toBeLessThanOrEqual(1)
      expect(low).toBeLessThanOrEqual(successes / n)
      expect(high).toBeGreaterThanOrEqual(successes / n)
      const mirrored = wilsonInterval(n - successes, n)
      expect(mirrored.low).toBeCloseTo(1 - high, 10)
      expect(mirrored.high).toBeCloseTo(1 - low, 10)
    }),
  )
})

test('it shrinks as answers come with the same share', () => {
  fc.assert(
    fc.property(share, fc.integer({ min: 2, max: 9 }), ([successes, n], times) => {
      const width = ({ low, high }: { low: number; high: number }) => high - low
      expect(width(wilsonInterval(successes * times, n * times))).toBeLessThan(
        width(wilsonInterval(successes, n)),
      )
    }),
  )
})

test('nothing is known of nobody, and what is no share is refused', () => {
  expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 })
  for (const [successes, n] of [
    [-1, 5],
    [6, 5],
    [0.5, 5],
    [1, Number.NaN],
  ] as const) {
    expect(() => wilsonInterval(successes, n)).toThrow(RangeError)
  }
})
