import { expect, test } from 'vitest'
import { byLoss, endOfFirstHour, readProtections } from './rules.ts'

/** 14:30 local time. */
const now = new Date('2026-12-01T07:30:00Z')

test.each([
  ['14:05', '2026-12-01T08:05:00.000Z'],
  ['9g05', '2026-12-01T03:05:00.000Z'],
  ['0:00', '2026-11-30T18:00:00.000Z'],
  // A time later than now was yesterday.
  ['23:50', '2026-11-30T17:50:00.000Z'],
])('of a phone taken at %s the first hour ends at %s', (typed, end) => {
  expect(endOfFirstHour(typed, now)).toEqual({ ok: true, value: new Date(end) })
})

test('a blank time has no clock, and what is no time is told', () => {
  expect(endOfFirstHour(' ', now)).toEqual({ ok: true, value: null })
  for (const typed of ['24:00', '12:60', 'chiều', '1405', '1:5', '<script>'])
    expect(endOfFirstHour(typed, now)).toEqual({ ok: false, error: 'format' })
})

test('what was ticked is read from boxes, from one, and from a draft, and nothing else of an address', () => {
  expect(readProtections(['money', 'phone', 'x', 'phone'])).toEqual(['phone', 'money'])
  expect(readProtections('sim')).toEqual(['sim'])
  expect(readProtections('phone sim')).toEqual(['phone', 'sim'])
  expect(readProtections('javascript:alert(1)')).toEqual([])
  expect(readProtections(undefined)).toEqual([])
})

test('wallets come before banks, each in their own order', () => {
  const of = (kind: 'bank' | 'wallet', id: string) => ({ kind, id })
  const listed = byLoss([of('bank', 'a'), of('wallet', 'b'), of('bank', 'c'), of('wallet', 'd')])
  expect(listed.map(({ id }) => id)).toEqual(['b', 'd', 'a', 'c'])
})
