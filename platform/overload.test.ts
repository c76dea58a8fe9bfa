import { expect, test } from 'vitest'
import { asOverload, isOverloaded } from './overload.ts'

const refusal = (code: string) => Object.assign(new Error('refused'), { code })

test.each([
  ['57P03', 'starts, or takes no connections'],
  ['53100', 'has no room on its disk'],
  ['53200', 'has no memory left'],
  ['53300', 'has too many connections'],
  ['58030', 'cannot read or write its files'],
  ['25006', 'is a replica now'],
])('a database that says %s (%s) is one to come back to', (code) => {
  expect(isOverloaded(asOverload(refusal(code)))).toBe(true)
})

test.each(['23505', '40001', '42P01'])('one that says %s refuses what was asked', (code) => {
  const error = refusal(code)
  expect(asOverload(error)).toBe(error)
})
