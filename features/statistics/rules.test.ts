import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { columnInFives, UNIT } from './rules.ts'

/** Publishes the rows of several months, one after the other. */
function publish(months: readonly (readonly number[])[]): number[][] {
  let carry = 0
  return months.map((counts) => {
    const told = columnInFives(counts, carry)
    carry = told.carry
    return [...told.shown]
  })
}

const MONTHS = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 6 }))
  .chain(([months, rows]) =>
    fc.array(fc.array(fc.nat({ max: 17 }), { minLength: rows, maxLength: rows }), {
      minLength: months,
      maxLength: months,
    }),
  )

const differences = (sums: readonly number[]): number[] => sums.map((sum, at) => sum - (sums[at - 1] ?? 0))
const runningSums = (counts: readonly number[]): number[] => {
  let sum = 0
  return counts.map((count) => (sum += count))
}
const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0)
const cut = (counts: readonly number[], rows: number): number[][] =>
  counts.length === 0 ? [] : [counts.slice(0, rows), ...cut(counts.slice(rows), rows)]

describe('counts in fives', () => {
  test('by hand', () => {
    expect(columnInFives([3, 4, 0, 12], 0)).toEqual({ shown: [0, 5, 0, 10], carry: 4 })
    expect(columnInFives([1, 0], 4)).toEqual({ shown: [5, 0], carry: 0 })
  })

  test('are fives, and any run of rows or months adds up to within four of the truth', () => {
    fc.assert(
      fc.property(MONTHS, fc.nat(), fc.nat(), (months, a, b) => {
        const truth = months.flat()
        const told = publish(months).flat()
        expect(told.every((count) => count >= 0 && count % UNIT === 0)).toBe(true)
        const [from, to] = [a % truth.length, b % truth.length].sort((x, y) => x - y)
        const off = total(told.slice(from, (to ?? 0) + 1)) - total(truth.slice(from, (to ?? 0) + 1))
        expect(Math.abs(off)).toBeLessThan(UNIT)
      }),
    )
  })

  test('of any one row, everything within four of what is shown stays possible, even to a reader who knows all other rows', () => {
    fc.assert(
      fc.property(MONTHS, fc.nat(), (months, pick) => {
        const rows = months[0]?.length ?? 1
        const told = publish(months)
        const sums = runningSums(told.flat())
        const at = pick % sums.length
        const shown = told.flat()[at] ?? 0
        // Nothing comes before the very first row, so that it cannot take a remainder from another.
        const least = at === 0 ? shown : Math.max(0, shown - UNIT + 1)
        for (let want = least; want < shown + UNIT; want++) {
          // Running sums that round down to the same fives: as low as possible before the row and as high as possible from it
          // on, or the other way round.
          const more = want >= shown
          const apart = more ? want - shown : shown - want
          const other = sums.map((sum, n) => sum + (n < at ? (more ? 0 : apart) : more ? apart : 0))
          const truth = cut(differences(other), rows)
          expect(truth.flat().every((count) => count >= 0)).toBe(true)
          expect(truth.flat()[at]).toBe(want)
          expect(publish(truth)).toEqual(told)
        }
      }),
    )
  })

  test('two tables that split the same people differently have the same totals: the one tells nothing of the other', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 30 }),
        fc.nat({ max: 4 }),
        (counts, carry) => {
          const whole = columnInFives([total(counts)], carry)
          const split = columnInFives(counts, carry)
          expect(total(split.shown)).toBe(whole.shown[0])
          expect(split.carry).toBe(whole.carry)
        },
      ),
    )
  })
})
