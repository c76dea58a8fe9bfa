import { expect, test } from 'vitest'
import { type CaseOrder, isSettled, isWithheld, settlePriorities, standsAnywhere } from './rules.ts'

let seq = 0
const order = (
  carrierId: string,
  action: CaseOrder['action'],
  state: CaseOrder['state'],
  outcomes: CaseOrder['outcomes'],
  imeis: CaseOrder['imeis'] = state === 'cancelled' ? [] : ['352987065816623'],
): CaseOrder => ({ carrierId, action, state, outcomes, imeis, seq: ++seq })

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

test('a later block takes the place of an earlier one only for the numbers that it names', () => {
  const failed = order('x', 'block', 'failed', ['rejected'], ['352987065816623'])
  const other = order('x', 'block', 'applied', ['applied'], ['356938035643809'])
  const both = order('x', 'block', 'applied', ['applied', 'already'], ['352987065816623', '356938035643809'])
  expect(isSettled([failed, other], 'block')).toBe(false)
  expect(isSettled([failed, both], 'block')).toBe(true)
  expect(isSettled([failed, other, both], 'block')).toBe(true)
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

test('a block that waits may yet stand; one that never left blocks nothing and settles nothing', () => {
  const nobody = new Set<string>()
  const waiting = [order('x', 'block', 'queued', [])]
  expect([isSettled(waiting, 'block'), standsAnywhere(waiting, nobody), isWithheld(waiting)]).toEqual([
    false,
    true,
    false,
  ])
  const withheld = [order('x', 'block', 'cancelled', []), order('y', 'block', 'cancelled', [])]
  expect([isSettled(withheld, 'block'), standsAnywhere(withheld, nobody), isWithheld(withheld)]).toEqual([
    false,
    false,
    true,
  ])
  expect(isSettled(withheld, 'unblock')).toBe(true)
  // An earlier applied temporary block does not replace the withheld block; a later waiting or sent block does.
  const before = [order('x', 'block', 'applied', ['applied']), order('x', 'block', 'cancelled', [])]
  expect([isSettled(before, 'block'), isWithheld(before)]).toEqual([false, true])
  const again = [...withheld, order('x', 'block', 'queued', []), order('y', 'block', 'sent', [null])]
  expect([isSettled(again, 'block'), isWithheld(again)]).toEqual([false, false])
})

test('a block stands until it is lifted, or until the phone is blocked on another case’s word', () => {
  const block = order('x', 'block', 'applied', ['applied'])
  expect(standsAnywhere([block], new Set(['x']))).toBe(true)
  expect(standsAnywhere([block], new Set())).toBe(false)
  const lifting = [block, order('x', 'unblock', 'sent', [null])]
  expect(standsAnywhere(lifting, new Set())).toBe(true)
  expect(standsAnywhere([block, order('x', 'unblock', 'applied', ['applied'])], new Set())).toBe(false)
})

test('a case decided by itself goes before a crowd, early or late; in a crowd the newest goes first', () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 10, 28, 3, minute))
  const crowd = Array.from({ length: 30 }, () => at(20))
  const [early = 0, late = 0, ...rest] = settlePriorities([at(0), at(45), ...crowd])
  expect(late).toBeGreaterThan(early)
  expect(early).toBeGreaterThan(Math.max(...rest))
  const [older = 0, newer = 0] = [crowd, crowd.map(() => at(21))].map((one) => settlePriorities(one)[0])
  expect(newer).toBeGreaterThan(older)
  // The queue's column for the priority holds 31 bits.
  expect(settlePriorities([new Date(Date.UTC(2060, 0, 1))])[0]).toBeLessThan(2 ** 31)
})
