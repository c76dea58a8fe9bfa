import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Chance } from '../../tools/demo-city/chance.ts'
import { estimateDispersion, type GroupedShare } from './dispersion.ts'

/** A generator of pseudo-random numbers in [0, 1), the same on every run. */
function seeded(seed: number): () => number {
  const chance = new Chance(seed)
  return () => chance.next()
}

const months = (
  random: () => number,
  groups: number,
  each: number,
  n: number,
  clusters: number,
): GroupedShare[] =>
  Array.from({ length: groups * each }, (_, at) => {
    let top = 0
    // Everybody of a cluster answers alike, so the true dispersion is the cluster's size.
    for (let k = 0; k < n / clusters; k++) if (random() < 0.7) top += clusters
    return { group: String(at % groups), top, base: n }
  })

describe('estimateDispersion', () => {
  it('by hand: two groups of two months', () => {
    // 6 and 8 of 10 about 7 of 10: ±0.1 / √(0.21 · 0.5 / 10) = ±0.9759, squared 0.9524; each is at an end of its own.
    const parts = [6, 8].map((top) => ({ group: 'a', top, base: 10 }))
    const found = estimateDispersion([...parts, ...parts.map((one) => ({ ...one, group: 'b' }))])
    expect(found).toEqual({ factor: expect.closeTo(0.952381 / 0.67873, 5), values: 4 })
  })

  it('finds what is there: 1 of independent answers, and the size of clusters', () => {
    for (const clusters of [1, 2, 3]) {
      const found = Array.from({ length: 40 }, (_, run) =>
        estimateDispersion(months(seeded(run + 1), 24, 12, 60, clusters)),
      ).map((one) => one?.factor ?? 0)
      const mean = found.reduce((sum, one) => sum + one, 0) / found.length
      expect(mean, `clusters of ${clusters}`).toBeGreaterThan(0.97 * clusters)
      expect(mean, `clusters of ${clusters}`).toBeLessThan(1.07 * clusters + (clusters === 1 ? 0.02 : 0))
    }
  })

  it('is not moved by what differs between groups, and little by one flood', () => {
    const random = seeded(7)
    const calm = months(random, 24, 12, 60, 1)
    const apart = calm.map((one) => (Number(one.group) < 12 ? one : { ...one, top: Math.round(one.top / 2) }))
    const factor = (parts: readonly GroupedShare[]) => estimateDispersion(parts)?.factor ?? 0
    expect(factor(apart)).toBeLessThan(1.25)
    const flooded = calm.map((one, at) => (at === 0 ? { ...one, top: 600, base: 600 } : one))
    expect(factor(flooded)).toBeLessThan(factor(calm) * 1.25)
  })

  it('is never below 1, has no value of a group with one part or one answer for all, and needs some', () => {
    expect(estimateDispersion([])).toBeNull()
    expect(estimateDispersion([{ group: 'a', top: 3, base: 10 }])).toBeNull()
    expect(estimateDispersion([1, 2].map(() => ({ group: 'a', top: 10, base: 10 })))).toBeNull()
    const part = fc.integer({ min: 1, max: 300 }).chain((base) =>
      fc.record({
        group: fc.constantFrom('a', 'b', 'c'),
        top: fc.integer({ min: 0, max: base }),
        base: fc.constant(base),
      }),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        const found = estimateDispersion(parts)
        if (found === null) return
        expect(found.factor).toBeGreaterThanOrEqual(1)
        expect(Number.isFinite(found.factor)).toBe(true)
        expect(found.values).toBeLessThanOrEqual(parts.length)
      }),
    )
  })
})
