import { expect, test } from 'vitest'
import { LIMITS } from '#lib/access/limits.ts'
import { withinFailures } from './sign-in-limit.ts'

const { amount } = LIMITS.sign_in_address
const from = (address: string) => new Headers({ 'x-forwarded-for': address })
const wrong = async () => ({ fault: { code: 'wrong' as const } })
const right = async () => ({ cookies: [] })

test('one address fails so often over all accounts, even all at once; another is not held up', async () => {
  const sprayed = await Promise.all(
    Array.from({ length: amount * 2 }, () => withinFailures(from('203.0.113.7'), wrong)),
  )
  const codes = sprayed.map((one) => ('fault' in one ? one.fault.code : 'in'))
  expect(codes.filter((code) => code === 'wrong')).toHaveLength(amount)
  let asked = false
  await withinFailures(from('203.0.113.7'), async () => {
    asked = true
    return right()
  })
  expect(asked).toBe(false)
  expect(await withinFailures(from('203.0.113.8'), right)).toEqual({ cookies: [] })
})

test('signing in uses nothing up', async () => {
  for (let n = 0; n < amount * 2; n++)
    expect(await withinFailures(from('203.0.113.9'), right)).toEqual({ cookies: [] })
})
