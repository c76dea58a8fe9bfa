import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ENTRY_OUTCOMES, type EntryOutcome, type ORDER_STATES } from '../orders/rules.ts'
import { changesLine, isDone, stateAfter } from './rules.ts'

describe('the state of an order follows from its lines', () => {
  test.each([
    ['block', 'sent', ['applied', 'already'], 'applied'],
    ['block', 'sent', ['applied', null], 'acknowledged'],
    ['block', 'sent', [null, null], 'sent'],
    ['block', 'acknowledged', [null], 'acknowledged'],
    ['block', 'sent', ['applied', 'rejected'], 'failed'],
    ['block', 'sent', [null, 'rejected'], 'failed'],
    ['block', 'sent', ['not_found'], 'failed'],
    ['unblock', 'sent', ['not_found', 'applied'], 'applied'],
    ['unblock', 'sent', ['rejected'], 'failed'],
    ['block', 'failed', ['applied', 'already'], 'applied'],
    ['block', 'failed', ['applied', null], 'acknowledged'],
    ['block', 'exempt', ['rejected'], 'exempt'],
    ['block', 'exempt', ['applied'], 'applied'],
    ['block', 'superseded', ['applied'], 'superseded'],
    ['block', 'applied', ['rejected'], 'applied'],
  ] as const)('%s %s with %j is %s', (action, state, outcomes, expected) => {
    expect(stateAfter(action, state, outcomes)).toBe(expected)
  })
})

const outcome = fc.constantFrom<EntryOutcome>(...ENTRY_OUTCOMES)
const action = fc.constantFrom('block' as const, 'unblock' as const)

test('once applied, always applied, with any answers in any order', () => {
  fc.assert(
    fc.property(action, fc.array(outcome), (does, told) => {
      let known: EntryOutcome | null = null
      let state: (typeof ORDER_STATES)[number] = 'sent'
      let wasApplied = false
      for (const next of told) {
        const before = known && { outcome: known, code: null }
        if (changesLine(does, before, { outcome: next, code: null })) known = next
        state = stateAfter(does, state, [known])
        wasApplied ||= isDone(does, next)
        expect(state === 'applied').toBe(wasApplied)
      }
    }),
  )
})

test('an answer told twice changes nothing the second time', () => {
  fc.assert(
    fc.property(action, outcome, fc.option(fc.constant('technical')), (does, told, code) => {
      expect(changesLine(does, null, { outcome: told, code })).toBe(true)
      expect(changesLine(does, { outcome: told, code }, { outcome: told, code })).toBe(false)
    }),
  )
})
