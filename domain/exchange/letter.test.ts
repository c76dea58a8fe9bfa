import { expect, test } from 'vitest'
import {
  dayFault,
  letterNumber,
  letterState,
  readLetterCursor,
  stateOnPaper,
  wayOnPaper,
  writeLetterCursor,
} from './letter.ts'

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
