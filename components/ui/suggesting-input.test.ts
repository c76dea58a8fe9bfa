import fc from 'fast-check'
import { expect, it } from 'vitest'
import { moveChoice } from './suggesting-input.tsx'

it('goes through every suggestion and the field itself, and back by the same way', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.constantFrom(1, -1), (count, by) => {
      const seen = [-1]
      for (let step = 0; step < count; step++) seen.push(moveChoice(seen.at(-1) ?? -1, by, count))
      expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count + 1 }, (_, at) => at - 1))
      expect(moveChoice(seen.at(-1) ?? -1, by, count)).toBe(-1)
    }),
  )
  expect([moveChoice(-1, 1, 3), moveChoice(-1, -1, 3), moveChoice(0, -1, 3), moveChoice(2, 1, 3)]).toEqual([
    0, 2, -1, -1,
  ])
})
