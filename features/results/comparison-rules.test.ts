import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { twoSided } from '#lib/statistics/normal.ts'
import { controlChart } from './figure-rules.ts'
import { bands, holmAdjusted, type Sample, sameShare } from './rules.ts'

// Abramowitz & Stegun, table 7.1 (erf), as 1 − erf x = twoSided(x √2); and the quantile of Wilson's interval.
test.each([
  [0, 1],
  [0.5, 1 - 0.5204998778],
  [1, 1 - 0.8427007929],
  [1.9, 1 - 0.9927904292],
  [2, 1 - 0.995322265],
])('the tail beyond %f √2', (x, expected) => {
  expect(twoSided(x * Math.SQRT2)).toBeCloseTo(expected, 9)
  expect(twoSided(-x * Math.SQRT2)).toBe(twoSided(x * Math.SQRT2))
})

test('the tail at known quantiles, and where series and fraction meet', () => {
  expect(twoSided(1.959963984540054)).toBeCloseTo(0.05, 14)
  expect(twoSided(2.5758293035489004)).toBeCloseTo(0.01, 14)
  expect(twoSided(3) / 0.0026997960632601866).toBeCloseTo(1, 12)
  expect(twoSided(6) / 1.9731752900753e-9).toBeCloseTo(1, 10)
  const [below, above] = [2 - 1e-12, 2].map((x) => twoSided(x * Math.SQRT2))
  expect(below).toBeCloseTo(above ?? 0, 12)
})

const sample: fc.Arbitrary<Sample> = fc
  .integer({ min: 1, max: 5_000 })
  .chain((base) => fc.record({ top: fc.integer({ min: 0, max: base }), base: fc.constant(base) }))

describe('two shares', () => {
  test('by hand: 8 of 20 against 14 of 20', () => {
    // cross = 8·6 − 14·12 = −120; χ² = 120² · 39 / (20 · 20 · 22 · 18) = 3.5454…, and P(χ²₁ > 3.5454) = 0.0597.
    const p = sameShare({ top: 8, base: 20 }, { top: 14, base: 20 })
    expect(p).toBeCloseTo(0.0597, 4)
  })

  test('the test is a p-value, is symmetric, and finds nothing between equal shares', () => {
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const p = sameShare(a, b)
        expect(p).toBeGreaterThanOrEqual(0)
        expect(p).toBeLessThanOrEqual(1)
        expect(sameShare(b, a)).toBeCloseTo(p, 12)
        const mirrored = ({ top, base }: Sample) => ({ top: base - top, base })
        expect(sameShare(mirrored(a), mirrored(b))).toBeCloseTo(p, 12)
        expect(sameShare(a, { top: 2 * a.top, base: 2 * a.base })).toBe(1)
      }),
    )
  })
})

const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 })

describe('Holm', () => {
  test('four tests, as worked out step by step at 0.05', () => {
    // 0.005 · 4; then 0.01 · 3; then 0.03 · 2; and 0.04, which may not fall below the one before it.
    expect(holmAdjusted([0.01, 0.04, 0.03, 0.005]).map((p) => Math.round(p * 1e9) / 1e9)).toEqual([
      0.03, 0.06, 0.06, 0.02,
    ])
    expect(holmAdjusted([])).toEqual([])
  })

  test('lies between no correction and Bonferroni’s, and keeps the order', () => {
    fc.assert(
      fc.property(pValues, (all) => {
        const adjusted = holmAdjusted(all)
        all.forEach((p, at) => {
          const mine = adjusted[at] ?? 0
          expect(mine).toBeGreaterThanOrEqual(p)
          expect(mine).toBeLessThanOrEqual(Math.min(1, p * all.length) + 1e-12)
          all.forEach((other, n) => {
            if (p < other) expect(mine).toBeLessThanOrEqual(adjusted[n] ?? 0)
          })
        })
        // The first one tested must pass Bonferroni's own bound.
        const least = Math.min(...all)
        if (all.length > 0) expect(Math.min(...adjusted)).toBeCloseTo(Math.min(1, least * all.length), 12)
      }),
    )
  })
})

const group = (shares: readonly (readonly [top: number, base: number])[]) =>
  bands(shares.map(([top, base]) => ({ '5': top, '1': base - top, na: 3 })))

describe('bands', () => {
  test('by hand: some apart, some not once there are several tests, and too few with none', () => {
    // Against all others: p = 0.4307, 0.7687, 0.0232 and 0.0006. Tested alone, the third would differ; as the second
    // smallest of four it becomes 3 · 0.0232 = 0.0696. The fourth does differ, with 4 · 0.0006 = 0.0024.
    expect(
      group([
        [72, 100],
        [70, 100],
        [78, 100],
        [55, 100],
        [14, 20],
      ]),
    ).toEqual(['same', 'same', 'same', 'below', null])
    expect(sameShare({ top: 78, base: 100 }, { top: 211, base: 320 })).toBeCloseTo(0.0232, 4)
    expect(
      group([
        [90, 100],
        [70, 100],
        [68, 100],
      ]),
    ).toEqual(['above', 'same', 'below'])
    expect(group([[80, 100]])).toEqual([null])
    expect(
      group([
        [80, 100],
        [20, 29],
      ]),
    ).toEqual([null, null])
    expect(
      group([
        [100, 100],
        [100, 100],
      ]),
    ).toEqual(['same', 'same'])
  })

  test('equal agencies are hardly ever called apart', () => {
    // 400 groups of 24 with the same true share: by Holm's bound at most one in twenty has a band.
    let seed = 1
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed / 2_147_483_647
    }
    const draw = (base: number) => {
      let top = 0
      for (let n = 0; n < base; n++) if (random() < 0.8) top++
      return [top, base] as const
    }
    const wrong = Array.from({ length: 400 }, () =>
      group(Array.from({ length: 24 }, () => draw(30 + Math.floor(random() * 200)))),
    ).filter((found) => found.some((band) => band !== 'same'))
    expect(wrong.length / 400).toBeLessThanOrEqual(0.08)
  })
})

describe('the control chart', () => {
  test('is that of the NIST/SEMATECH e-Handbook, 6.3.3.2', () => {
    // Thirty wafers of 50 chips, 347 misregistered in all: 0.2313, from 0.0524 to 0.4102.
    const wafers = Array.from({ length: 30 }, (_, at) => ({ top: at < 17 ? 12 : 11, base: 50 }))
    const chart = controlChart(wafers)
    expect(chart?.centre).toBeCloseTo(0.2313, 4)
    expect(chart?.limits[0]?.low).toBeCloseTo(0.0524, 4)
    expect(chart?.limits[0]?.high).toBeCloseTo(0.4102, 4)
  })

  test('holds its centre, stays within 0 and 1, and is narrower with more answers', () => {
    fc.assert(
      fc.property(fc.array(sample, { minLength: 6, maxLength: 30 }), (months) => {
        const chart = controlChart(months)
        const limits = chart?.limits ?? []
        expect(limits).toHaveLength(months.length)
        limits.forEach(({ low, high }, at) => {
          expect(low).toBeGreaterThanOrEqual(0)
          expect(high).toBeLessThanOrEqual(1)
          expect(chart?.centre).toBeGreaterThanOrEqual(low)
          expect(chart?.centre).toBeLessThanOrEqual(high)
          limits.forEach((other, n) => {
            if ((months[at]?.base ?? 0) > (months[n]?.base ?? 0)) {
              expect(high - low).toBeLessThanOrEqual(other.high - other.low + 1e-12)
            }
          })
        })
      }),
    )
  })

  test('needs six months', () => {
    expect(controlChart(Array.from({ length: 5 }, () => ({ top: 8, base: 10 })))).toBeNull()
  })
})
