import { expect, test } from 'vitest'
import {
  dayFault,
  letterEntries,
  letterNumber,
  letterState,
  readLetterCursor,
  stateOnPaper,
  tallyOf,
  wayOnPaper,
  writeLetterCursor,
} from './rules.ts'

test('a number reads as it is filed, and a page’s cursor comes back as it was', () => {
  const letter = { year: 2026, ordinal: 12 }
  expect(letterNumber(letter)).toBe('12/CV-ANTAM-2026')
  expect(readLetterCursor(writeLetterCursor(letter))).toEqual(letter)
  for (const other of [undefined, '', '2026', '2026.0', '2026.-1', '2026.x', `2026.${'9'.repeat(10)}`])
    expect(readLetterCursor(other)).toBeNull()
})

test('a day is in the city’s calendar', () => {
  const lateEvening = new Date('2026-11-25T18:00:00Z')
  expect(dayFault('2026-11-26', '2026-11-26', lateEvening)).toBeNull()
  expect(dayFault('2026-11-27', '2026-11-26', lateEvening)).toBe('in_future')
  expect(dayFault('2026-11-25', '2026-11-26', lateEvening)).toBe('too_early')
})

test('what a letter waits for', () => {
  const fresh = { drawn: false, handedOn: null, receivedOn: null, unanswered: 2 }
  expect(letterState(fresh)).toBe('drawing')
  expect(letterState({ ...fresh, drawn: true })).toBe('made')
  expect(letterState({ ...fresh, drawn: true, handedOn: '2026-11-25' })).toBe('handed')
  expect(letterState({ ...fresh, drawn: true, handedOn: '2026-11-25', receivedOn: '2026-11-25' })).toBe(
    'received',
  )
  expect(letterState({ ...fresh, drawn: true, unanswered: 0 })).toBe('answered')
})

test('an order has gone when all letters with a line of it have', () => {
  const gone = { handedOn: '2026-11-25', receivedOn: '2026-11-27' }
  const later = { handedOn: '2026-11-26', receivedOn: null }
  expect(wayOnPaper([gone])).toEqual(gone)
  expect(wayOnPaper([gone, later])).toEqual({ handedOn: '2026-11-26', receivedOn: null })
  expect(wayOnPaper([gone, null])).toEqual({ handedOn: null, receivedOn: null })
  expect(wayOnPaper([])).toEqual({ handedOn: null, receivedOn: null })
  expect([gone, { handedOn: null, receivedOn: null }].map(stateOnPaper)).toEqual(['sent', 'queued'])
})

test('an order of two IMEIs is one order, and a letter without unblocks is none about them', () => {
  const line = (order: string, imei: string, action: 'block' | 'unblock' = 'block') => ({
    order,
    imei,
    action,
  })
  expect(tallyOf([line('a', '1'), line('a', '2')])).toEqual({
    kind: 'block',
    orders: 1,
    blocks: 1,
    unblocks: 0,
    imeis: 2,
  })
  expect(tallyOf([line('a', '1'), line('b', '1', 'unblock'), line('c', '3', 'unblock')])).toEqual({
    kind: 'both',
    orders: 3,
    blocks: 1,
    unblocks: 2,
    imeis: 2,
  })
  expect(tallyOf([line('a', '1', 'unblock')]).kind).toBe('unblock')
})

test('a letter that is answered in full takes no receipt and no answer, but corrections of what was not done', () => {
  const fresh = { drawn: false, handedOn: null, receivedOn: null, unanswered: 2, undone: 0 }
  const handed = { ...fresh, drawn: true, handedOn: '2026-11-25' }
  expect(letterEntries(fresh)).toEqual([])
  expect(letterEntries({ ...fresh, drawn: true })).toEqual(['hand'])
  expect(letterEntries(handed)).toEqual(['receive', 'answer'])
  expect(letterEntries({ ...handed, receivedOn: '2026-11-26' })).toEqual(['answer'])
  expect(letterEntries({ ...handed, unanswered: 0 })).toEqual([])
  expect(letterEntries({ ...handed, unanswered: 0, undone: 1 })).toEqual(['correct'])
})
