import { expect, it } from 'vitest'
import { LIMITS, scaledAmount } from './limits.ts'

it('multiplies a limit, and never down to nothing', () => {
  const { amount } = LIMITS.check_address
  expect(scaledAmount('check_address', 1)).toBe(amount)
  expect(scaledAmount('check_address', 2.5)).toBe(Math.floor(amount * 2.5))
  expect(scaledAmount('check_address', 0.0001)).toBe(1)
})
