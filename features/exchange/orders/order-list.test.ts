import { expect, test } from 'vitest'
import {
  isOrderOpen,
  ORDER_GROUPS,
  ORDER_STATES,
  readOrderCursor,
  STATES_OF,
  writeOrderCursor,
} from './rules.ts'

const id = '7f0c1a34-8a0e-4b43-8f0d-0d9a3f3c2b11'

test('every state is in exactly one group', () => {
  expect(ORDER_GROUPS.flatMap((group) => STATES_OF[group]).sort()).toEqual([...ORDER_STATES].sort())
  expect(ORDER_STATES.filter(isOrderOpen)).toEqual(['queued', 'sent', 'acknowledged', 'failed'])
})

test('a cursor is read back as it was written', () => {
  const cursor = { group: 'waiting', at: new Date('2026-11-24T08:00:00.123Z'), id } as const
  expect(readOrderCursor(writeOrderCursor(cursor))).toEqual(cursor)
})

test.each([
  undefined,
  '',
  'x',
  `other.1.${id}`,
  `failed.-1.${id}`,
  'failed.1.x',
  `failed.1.${'-'.repeat(36)}`,
])('%j is no cursor', (text) => {
  expect(readOrderCursor(text)).toBeNull()
})
