import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CASE_STATES, OVER_STATES } from '#features/cases/record/state-rules.ts'
import { ALERT_EVENTS, type AlertEvent, eventsDue, isOwned } from './rules.ts'

const known = { contact: true, number: true, ownership: false }

test('a number that is known to be the person’s is told at once, and each event once', () => {
  expect(eventsDue('submitted', known, false, [])).toEqual(['reported'])
  expect(eventsDue('submitted', known, false, ['reported'])).toEqual([])
  expect(eventsDue('blocked', { ...known, ownership: true }, false, ['reported'])).toEqual([
    'verified',
    'blocked',
  ])
})

test('what was told and is over is cleared once; taken up again it begins anew', () => {
  expect(eventsDue('withdrawn', known, true, [])).toEqual([])
  expect(eventsDue('withdrawn', known, true, ['reported'])).toEqual(['cleared'])
  expect(eventsDue('withdrawn', known, true, ['reported', 'cleared'])).toEqual([])
  expect(eventsDue('under_review', known, true, ['reported', 'cleared'])).toEqual(['reported'])
})

test('without a confirmed contact, or before the number is known, no order of events tells anything', () => {
  const state = fc.constantFrom(...CASE_STATES.filter((one) => !OVER_STATES.includes(one)))
  const told = fc.array(fc.constantFrom(...ALERT_EVENTS))
  fc.assert(
    fc.property(state, told, fc.boolean(), fc.boolean(), (now, events, number, looked) => {
      expect(eventsDue(now, { contact: false, number, ownership: isOwned(now) }, looked, events)).toEqual([])
      if (!isOwned(now))
        expect(eventsDue(now, { contact: true, number: false, ownership: false }, false, events)).toEqual([])
    }),
  )
})

test('whatever a case goes through, what is told is settled after one look', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...CASE_STATES), { maxLength: 20 }), (states) => {
      const told: AlertEvent[] = []
      for (const state of states) {
        const verified = { contact: true, number: true, ownership: isOwned(state) }
        told.push(...eventsDue(state, verified, false, told))
        expect(eventsDue(state, verified, false, told)).toEqual([])
      }
      expect(told.join(' ')).not.toMatch(/(\w+) \1|^cleared|cleared (?!reported|$)/)
    }),
  )
})
