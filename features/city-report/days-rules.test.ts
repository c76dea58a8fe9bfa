import fc from 'fast-check'
import { expect, it } from 'vitest'
import { inFives } from './report-rules.ts'

it('tells every day, those without an answer too, in whole fives', () => {
  const counted = [
    { day: '2026-10-31', answers: 12 },
    { day: '2026-11-02', answers: 4 },
  ]
  expect(inFives(counted, '2026-10-31', '2026-11-03')).toEqual([
    { day: '2026-10-31', answers: 10, few: false },
    { day: '2026-11-01', answers: 0, few: true },
    { day: '2026-11-02', answers: 0, few: true },
  ])
})

it('never tells one more answer from none more unless a five is full', () => {
  fc.assert(
    fc.property(fc.nat(10_000), (answers) => {
      const [told] = inFives([{ day: '2026-11-01', answers }], '2026-11-01', '2026-11-02')
      expect((told?.answers ?? 0) % 5).toBe(0)
      expect(answers - (told?.answers ?? 0)).toBeLessThan(5)
    }),
  )
})
