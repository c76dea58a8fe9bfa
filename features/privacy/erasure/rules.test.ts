import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CASE_STATES, OVER_STATES } from '#features/cases/record/state-rules.ts'
import { keptBecause, monthsBefore } from './rules.ts'

const state = fc.constantFrom(...CASE_STATES)
const held = fc.constantFrom(null, 'conflict' as const, 'shared_imei' as const)

test('only what is over, uncontested, unheld and free of orders is ever erased, and that once', () => {
  fc.assert(
    fc.property(state, held, fc.boolean(), fc.boolean(), fc.boolean(), (s, h, erased, hold, order) => {
      const c = { state: s, held: h, erasedAt: erased ? new Date() : null }
      const free = OVER_STATES.includes(s) && h === null && !erased && !hold && !order
      expect(keptBecause(c, { legalHold: hold, orderInForce: order }) === null).toBe(free)
    }),
  )
})

test('months are the calendar of the city', () => {
  const at = (text: string) => new Date(`${text}+07:00`)
  expect(monthsBefore(at('2026-11-24T00:30'), 24)).toEqual(at('2024-11-24T00:30'))
  expect(monthsBefore(at('2026-03-31T08:00'), 1)).toEqual(at('2026-02-28T08:00'))
  expect(monthsBefore(at('2026-01-01T00:00'), 12)).toEqual(at('2025-01-01T00:00'))
})
