import { expect, test } from 'vitest'
import { type CaseOrder, isSettled } from './settlement.ts'

let seq = 0
const order = (
  carrierId: string,
  action: CaseOrder['action'],
  state: CaseOrder['state'],
  outcomes: CaseOrder['outcomes'],
): CaseOrder => ({ carrierId, action, state, outcomes, seq: ++seq })

test('blocked when every carrier has applied it or is exempt', () => {
  const orders = [
    order('viettel', 'block', 'applied', ['applied']),
    order('gmobile', 'block', 'exempt', ['rejected']),
    order('mobifone', 'block', 'superseded', ['rejected']),
  ]
  expect(isSettled(orders, 'block')).toBe(true)
  expect(isSettled([...orders, order('mobifone', 'block', 'acknowledged', [null])], 'block')).toBe(false)
  expect(isSettled([...orders, order('mobifone', 'block', 'failed', ['rejected'])], 'block')).toBe(false)
})

test('nothing to do is done', () => {
  expect(isSettled([], 'block')).toBe(true)
  expect(isSettled([order('viettel', 'block', 'applied', ['applied'])], 'unblock')).toBe(true)
})

test.each([
  ['had applied it', order('x', 'block', 'applied', ['applied']), false],
  ['had one of its two numbers', order('x', 'block', 'exempt', ['already', 'rejected']), false],
  ['has not answered and may yet apply it', order('x', 'block', 'sent', [null]), false],
  ['had refused it', order('x', 'block', 'failed', ['rejected']), true],
  ['was exempt without having answered', order('x', 'block', 'exempt', [null]), true],
])('unblocking does not wait for a carrier that %s: %#', (_, block, settled) => {
  expect(isSettled([block, order('x', 'unblock', 'sent', [null])], 'unblock')).toBe(settled)
  expect(isSettled([block, order('x', 'unblock', 'applied', ['applied'])], 'unblock')).toBe(true)
})
