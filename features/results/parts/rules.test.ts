import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import seed from '#cities/viet-nam/questions.json' with { type: 'json' }
import { questionsSchema } from '#features/questionnaires/questions/rules.ts'
import type { Month } from '../rules.ts'
import { total } from '../tally-rules.ts'
import { FACETS, isWaiting, type Parts, releaseParts } from './rules.ts'

const questions = questionsSchema.parse(seed.questions)
const now = '2026-11' as Month
const answer = (over: object = {}) => ({
  ...{ answers: { r1: '5', r2: 'ontime', r6: 'right' }, repeated: false },
  ...{ serviceMonth: '2026-11' as Month, procedure: null as string | null, ...over },
})
const many = (count: number, over?: object) => Array.from({ length: count }, () => answer(over))

/** Releases batch after batch, as for an agency. */
const release = (...batches: readonly (readonly ReturnType<typeof answer>[])[]): Parts =>
  batches.reduce<Parts>((parts, batch) => releaseParts(parts, batch, questions, now), {})
const told = (parts: Parts, facet: (typeof FACETS)[number]) =>
  Object.fromEntries(
    Object.entries(parts[facet] ?? {}).flatMap(([value, { published }]) =>
      total(published) > 0 ? [[value, total(published)]] : [],
    ),
  )

describe('a part of an agency’s answers', () => {
  it('is told with ten people, a procedure with thirty', () => {
    const batch = many(10, { procedure: '1.001193' })
    expect(told(release(batch), 'month')).toEqual({ '2026-11': 10 })
    expect(told(release(batch, batch), 'procedure')).toEqual({})
    expect(told(release(batch, batch, batch), 'procedure')).toEqual({ '1.001193': 30 })
  })

  it('waits while one to nine people would stay untold beside it', () => {
    const october = { serviceMonth: '2026-10' as Month }
    const first = [...many(9), answer(october)]
    expect(told(release(first, many(10)), 'month')).toEqual({})
    expect(told(release(first, many(10), [answer(), ...many(9, october)]), 'month')).toEqual({
      '2026-10': 10,
      '2026-11': 20,
    })
  })

  it('is no month where the service was more than three months before, and no procedure where the catalogue has none', () => {
    const parts = release([
      ...many(15, { procedure: 'xin giấy gì đó' }),
      ...many(15, { serviceMonth: '2026-07' as Month, procedure: 'xin giấy gì đó' }),
    ])
    expect(told(parts, 'month')).toEqual({ '2026-11': 15 })
    expect(told(parts, 'procedure')).toEqual({})
    expect(told(release(many(30, { serviceMonth: '2026-08' as Month })), 'month')).toEqual({ '2026-08': 30 })
  })
})

test.each([
  [{ r2: 'notdue', r6: 'right' }, true],
  [{ r2: 'ontime', r6: 'none' }, true],
  [{ r2: 'late_untold', r6: 'wrong' }, false],
])('%j waits for the result: %s', (answers, waiting) => {
  expect(isWaiting({ r1: '4', ...answers }, questions)).toBe(waiting)
})

test('whatever comes, what is told and what stays untold of a facet are nobody or ten people and more', () => {
  const one = fc.record({
    answers: fc.record({
      r1: fc.constantFrom('1', '5'),
      r2: fc.constantFrom('ontime', 'notdue'),
      r6: fc.constant('right'),
    }),
    repeated: fc.constant(false),
    serviceMonth: fc.constantFrom(
      '2026-06' as Month,
      '2026-09' as Month,
      '2026-10' as Month,
      '2026-11' as Month,
    ),
    procedure: fc.constantFrom(null, '1.001193', '2.000815', 'khác'),
  })
  fc.assert(
    fc.property(fc.array(fc.array(one, { minLength: 10, maxLength: 14 }), { maxLength: 12 }), (batches) => {
      let parts: Parts = {}
      for (const batch of batches) {
        const before = parts
        parts = releaseParts(before, batch, questions, now)
        for (const facet of FACETS) {
          const values = Object.entries(parts[facet] ?? {})
          for (const [value, { published }] of values) {
            const moved = total(published) - total(before[facet]?.[value]?.published ?? {})
            expect(moved === 0 || moved >= 10).toBe(true)
          }
          const untold = values.reduce((sum, [, { held }]) => sum + total(held), 0)
          expect(untold === 0 || untold >= 10).toBe(true)
          const all = values.reduce((sum, [, { published }]) => sum + total(published), untold)
          expect(all).toBe(batches.slice(0, batches.indexOf(batch) + 1).flat().length)
        }
      }
    }),
  )
})
