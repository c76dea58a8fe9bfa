import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { HEALTH_SPANS, healthOf, readSpan } from './rules.ts'

// Half past ten in the city.
const now = new Date('2026-11-28T03:30:00Z')
const nothing = { answered: [], contact: [], refusals: [], notedSince: null, firstAnswer: null }

describe('a carrier’s health by day', () => {
  test('has every day of its span, today the last', () => {
    for (const span of HEALTH_SPANS) {
      const { days } = healthOf(span, now, nothing)
      expect([days.length, days.at(-1)?.day]).toEqual([span, '2026-11-28'])
      expect(new Set(days.map(({ day }) => day)).size).toBe(span)
      expect(days.every(({ applied, silentHours }) => applied === 0 && silentHours === null)).toBe(true)
    }
    expect([readSpan('90'), readSpan('14'), readSpan('9000'), readSpan('')]).toEqual([90, 14, 14, 14])
  })

  test('says that there is no whole day yet, and then no more', () => {
    expect(healthOf(14, now, nothing).isYoung).toBe(true)
    const since = (at: Date) => healthOf(14, now, { ...nothing, notedSince: at })
    expect(since(addMilliseconds(now, -HOUR)).isYoung).toBe(true)
    expect(since(addMilliseconds(now, -2 * DAY)).isYoung).toBe(false)
    // The first answer is older than the recording of contact.
    const older = { notedSince: now, firstAnswer: addMilliseconds(now, -9 * DAY) }
    expect(healthOf(14, now, { ...nothing, ...older }).isYoung).toBe(false)
  })

  test('counts silence from when contact was first noted, and of today only what has passed', () => {
    const notedSince = new Date('2026-11-26T14:10:00Z')
    const contact = [
      { day: '2026-11-26', hours: 2 },
      { day: '2026-11-27', hours: 24 },
      { day: '2026-11-28', hours: 4 },
    ]
    const { days } = healthOf(14, now, { ...nothing, notedSince, contact })
    // Contact is recorded from 21:00: three hours, a whole day, then ten and a half hours, of which ten count.
    expect(days.slice(-4).map(({ silentHours }) => silentHours)).toEqual([null, 1, 0, 6])
    const silent = healthOf(14, now, { ...nothing, notedSince: addMilliseconds(now, -3 * DAY) })
    expect(silent.days.slice(-3).map(({ silentHours }) => silentHours)).toEqual([24, 24, 10])
  })

  test('is never silent for less than nothing or more than a day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 24 }), (ago, hours) => {
        const notedSince = addMilliseconds(now, -ago * HOUR)
        const { days } = healthOf(14, now, {
          ...nothing,
          notedSince,
          contact: [{ day: '2026-11-27', hours }],
        })
        for (const { silentHours } of days)
          expect(silentHours === null || (silentHours >= 0 && silentHours <= 24)).toBe(true)
      }),
    )
  })
})
