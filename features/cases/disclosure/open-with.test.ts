import { expect, test } from 'vitest'
import { addMilliseconds, MINUTE } from '#lib/time.ts'
import { openWith } from './rules.ts'

const now = new Date('2026-12-01T03:00:00Z')
const ago = (minutes: number) => addMilliseconds(now, -minutes * MINUTE)

test('a case is open with the colleagues who opened its papers lately and have done nothing with it since', () => {
  const openers = [
    { accountId: 'reader', at: ago(1) },
    { accountId: 'here', at: ago(5) },
    { accountId: 'decided', at: ago(10) },
    { accountId: 'gone', at: ago(31) },
  ]
  const events = [
    { actorId: 'decided', at: ago(8) },
    // Taking the case and opening it is one press.
    { actorId: 'here', at: ago(5) },
    { actorId: null, at: ago(1) },
  ]
  expect(openWith({ openers, events }, 'reader', now).map(({ accountId }) => accountId)).toEqual(['here'])
})
