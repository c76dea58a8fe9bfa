import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CASE_STATES, stateOf } from '#features/cases/record/state-rules.ts'
import { type RecoveryFacts, recoveryStateOf } from './rules.ts'

const facts: fc.Arbitrary<RecoveryFacts> = fc.record({
  state: fc.constantFrom(...CASE_STATES),
  watchUntil: fc.option(fc.constant(new Date())),
  seen: fc.boolean(),
  called: fc.boolean(),
  kept: fc.boolean(),
  returned: fc.boolean(),
})

test('a phone that police have had is never told as still out there, nor one of a case that is over as looked for', () => {
  fc.assert(
    fc.property(facts, (of) => {
      const state = recoveryStateOf(of)
      if (of.returned) expect(state).toBe('given_back')
      else if (of.kept) expect(state).toBe('handed_in')
      else if (!stateOf(of.state).active) expect([null, 'ended']).toContain(state)
      if (!(of.returned || of.kept || of.seen || of.called || of.watchUntil)) expect(state).toBeNull()
    }),
  )
})
