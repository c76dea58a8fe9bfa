import { expect, it } from 'vitest'
import { wasUndone } from './database-errors.ts'
import { asOverload } from './overload.ts'

const refusal = (code: string) => Object.assign(new Error('refused'), { severity: 'ERROR', code })
const fault = (code: string) => Object.assign(new Error('fault'), { code })

it.each([
  refusal('55P03'),
  refusal('57014'),
  refusal('53300'),
  fault('ECONNREFUSED'),
  fault('57P03'),
  new Error('timeout exceeded when trying to connect'),
])('knows that nothing was kept where it was refused or never began: %j', (error) => {
  expect(wasUndone(asOverload(error))).toBe(true)
})

it.each([
  refusal('57P01'),
  refusal('08006'),
  fault('ECONNRESET'),
  new Error('Connection terminated unexpectedly'),
])('does not know it where the connection was lost on the way: %j', (error) => {
  expect(wasUndone(asOverload(error))).toBe(false)
})
