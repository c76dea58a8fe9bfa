import { expect, test } from 'vitest'
import { writtenFacts } from './facts.ts'

test('a signed note of several lines stands on the line’s own page alone', () => {
  const facts = { reason: 'Restored', lost: null, note: 'an-tam\n12\nabc=\n' }
  expect(writtenFacts(facts, true)).toEqual([['reason', 'Restored']])
  expect(writtenFacts(facts, false).map(([name]) => name)).toEqual(['reason', 'note'])
  expect(writtenFacts(null, true)).toEqual([])
})
