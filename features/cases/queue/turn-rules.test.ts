import { expect, test } from 'vitest'
import { turnOf } from './rules.ts'

test.each([
  ['submitted', null, null],
  ['under_review', null, null],
  ['under_review', 'conflict', 'city'],
  ['info_requested', null, 'reporter'],
  ['verified', null, 'approver'],
  ['blocking', null, 'carriers'],
  ['unblocking', null, 'carriers'],
  ['blocked', null, null],
] as const)('of a case that is %s (held: %s) it is the turn of: %s', (state, held, turn) => {
  expect(turnOf({ state, held })).toBe(turn)
})

test('an unblock waits for a check of the owner, then for a second person', () => {
  const c = { state: 'unblock_review', held: null } as const
  expect(turnOf({ ...c, unblockVerified: false })).toBe('owner_check')
  expect(turnOf({ ...c, unblockVerified: true })).toBe('unblock_approver')
})
