import { expect, test } from 'vitest'
import { addMilliseconds, HOUR } from '#lib/time.ts'
import { identityExpiry, knownPerson } from './rules.ts'

const NOW = new Date('2026-11-25T03:00:00Z')
const NAMES = { fullName: 'name', nationalId: 'vn_id' }

test('a report begins with the claims that the environment names, and no other', () => {
  const claims = { name: ' Nguyễn  Thị Ánh', vn_id: '079190012345', given_name: 'Ánh', email: 'a@example.vn' }
  expect(knownPerson(claims, NAMES, NOW)).toEqual({
    fullName: 'Nguyễn Thị Ánh',
    idKind: 'cccd',
    nationalId: '079190012345',
  })
  expect(knownPerson(claims, { fullName: undefined, nationalId: undefined }, NOW)).toEqual({})
})

test('what a report would refuse is left out, even where a provider sends no text', () => {
  for (const wrong of [undefined, null, 7, ['a'], { toString: () => 'Ánh' }, '', '12345', 'x'.repeat(10_000)])
    expect(knownPerson({ name: wrong, vn_id: wrong }, NAMES, NOW)).toEqual({})
})

test('a session is not used beyond its last hour', () => {
  expect(identityExpiry(NOW, addMilliseconds(NOW, 8 * HOUR))).toEqual(addMilliseconds(NOW, HOUR))
  expect(identityExpiry(NOW, addMilliseconds(NOW, HOUR / 2))).toEqual(addMilliseconds(NOW, HOUR / 2))
})
