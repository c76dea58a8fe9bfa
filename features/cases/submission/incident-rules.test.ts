import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY, MINUTE, UTC_OFFSET_MINUTES } from '#lib/time.ts'
import { parseIncidentAt } from './incident-rules.ts'

const NOW = new Date('2026-11-24T08:00:00Z')
const read = (input: string, now = NOW) => {
  const parsed = parseIncidentAt(input, now)
  return parsed.ok ? parsed.value.toISOString() : parsed.error
}

describe('parseIncidentAt', () => {
  it.each([
    '2026-11-23T21:05',
    '2026-11-23T21:05:00',
    '2026-11-23T21:05:59.999',
    '2026-11-23 21:05',
    ' 2026-11-23T21:05\u200e ',
    '23/11/2026 21:05',
    '23/11/2026, 21h05',
    '23-11-2026 21:05',
    '23.11.2026 21.05',
    '23/11 21h05',
    'ngày 23/11 lúc 21 giờ 05',
    '21h05 ngày 23/11/2026',
  ])('reads %j in the city’s time', (input) => {
    expect(read(input)).toBe('2026-11-23T14:05:00.000Z')
  })

  it.each([
    ['', 'empty'],
    [' ', 'empty'],
    ['hôm qua', 'format'],
    ['2026-11-23', 'format'],
    ['23/11/2026', 'format'],
    ['23/11/2026 21', 'format'],
    ['2026-11-23T21:05Z', 'format'],
    ['2026-11-23T21:05+07:00', 'format'],
    ['-2026-11-23T21:05', 'format'],
    ['0'.repeat(100_000), 'format'],
    ['2026-02-31T10:00', 'impossible'],
    ['31/02/2026 10:00', 'impossible'],
    ['2026-02-29T10:00', 'impossible'],
    ['2026-13-01T10:00', 'impossible'],
    ['2026-11-00T10:00', 'impossible'],
    ['2026-11-23T24:00', 'impossible'],
    ['2026-11-23T23:60', 'impossible'],
    ['2026-11-25T10:00', 'future'],
    ['202611-01-01T10:00', 'future'],
    ['0001-01-01T10:00', 'too_old'],
    ['2024-11-24T14:59', 'too_old'],
  ])('refuses %s as %s', (input, fault) => {
    expect(read(input)).toBe(fault)
  })

  it('reads a day without its year as the last one, and an hour without minutes as full', () => {
    expect(read('25/11 8h')).toBe('2025-11-25T01:00:00.000Z')
    expect(read('31/12 23:59', new Date('2026-01-02T00:00:00Z'))).toBe('2025-12-31T16:59:00.000Z')
    expect(read('31/02 8h')).toBe('impossible')
  })

  it('allows five minutes of the future and two years of the past', () => {
    expect(read('2026-11-24T15:05')).toBe('2026-11-24T08:05:00.000Z')
    expect(read('2026-11-24T15:06')).toBe('future')
    expect(read('2024-11-24T15:00')).toBe('2024-11-24T08:00:00.000Z')
  })

  it('reads back every minute of the last two years', () => {
    const minutes = fc.integer({ min: 0, max: (729 * DAY) / MINUTE })
    fc.assert(
      fc.property(minutes, (ago) => {
        const at = new Date(NOW.getTime() - ago * MINUTE)
        const typed = new Date(at.getTime() + UTC_OFFSET_MINUTES * MINUTE).toISOString().slice(0, 16)
        expect(read(typed)).toBe(at.toISOString())
      }),
    )
  })

  it('answers any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(read(text)).toMatch(/^(\d{4}-.*Z|empty|format|impossible|future|too_old)$/)
      }),
    )
  })
})
