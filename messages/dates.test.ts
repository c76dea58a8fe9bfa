import { expect, test } from 'vitest'
import { formatInstant } from './dates.ts'

const lateInUtc = new Date('2026-01-04T17:05:00Z')

test.each([
  ['vi', 'date', '05/01/2026'],
  ['vi', 'day', '05/01'],
  ['vi', 'time', '00:05'],
  ['vi', 'moment', 'Thứ Hai 05/01/2026, 00:05'],
  ['vi', 'stamp', '05/01/2026, 00:05'],
  ['en', 'date', '5 Jan 2026'],
  ['en', 'day', '5 Jan'],
  ['en', 'moment', 'Monday 5 Jan 2026, 00:05'],
] as const)('in %s the %s is the city’s, %s', (locale, form, expected) => {
  expect(formatInstant(locale, lateInUtc, form)).toBe(expected)
})
