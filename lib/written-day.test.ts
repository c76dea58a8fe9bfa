import { expect, test } from 'vitest'
import { parseDay, writeDay } from './written-day.ts'

test('a day is read with its day first, however a browser would order it, and written so', () => {
  const day = new Date('2026-12-11T00:00:00+07:00')
  for (const written of ['11/12/2026', '11.12.2026', '11-12-2026', ' 11/12/2026 ', '2026-12-11'])
    expect(parseDay(written)).toEqual({ ok: true, value: day })
  expect(parseDay('12/31/2026')).toEqual({ ok: false, error: 'impossible' })
  expect(parseDay('')).toEqual({ ok: false, error: 'empty' })
  expect(parseDay('hôm qua')).toEqual({ ok: false, error: 'format' })
  expect(writeDay(day)).toBe('11/12/2026')
})
