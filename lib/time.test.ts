import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromLocal, localDate, TIME_ZONE, UTC_OFFSET } from './time.ts'

describe('localDate', () => {
  it('turns at the city’s midnight', () => {
    expect(localDate(new Date('2026-11-24T16:59:59.999Z'))).toBe('2026-11-24')
    expect(localDate(new Date('2026-11-24T17:00:00Z'))).toBe('2026-11-25')
  })
})

describe('fromLocal', () => {
  it('is seven hours ahead of UTC', () => {
    expect(fromLocal(2026, 11, 24, 6, 30)?.toISOString()).toBe('2026-11-23T23:30:00.000Z')
    expect(new Date(`2026-11-24T06:30:00${UTC_OFFSET}`)).toEqual(fromLocal(2026, 11, 24, 6, 30))
  })

  it.each([
    [2026, 2, 29, 0, 0],
    [2026, 2, 31, 0, 0],
    [2026, 13, 1, 0, 0],
    [2026, 0, 1, 0, 0],
    [2026, 1, 0, 0, 0],
    [2026, 1, 1, 24, 0],
    [2026, 1, 1, 0, 60],
  ])('has no %i-%i-%i %i:%i', (...parts) => {
    expect(fromLocal(...parts)).toBeNull()
  })

  it('knows leap years and the year 99', () => {
    expect(fromLocal(2028, 2, 29, 7, 0)?.toISOString()).toBe('2028-02-29T00:00:00.000Z')
    expect(fromLocal(99, 1, 1, 7, 0)?.getUTCFullYear()).toBe(99)
  })

  it('agrees with the time zone database', () => {
    const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: TIME_ZONE, dateStyle: 'short' })
    const instants = fc.date({
      min: new Date('1990-01-01'),
      max: new Date('2100-01-01'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(instants, (at) => {
        expect(localDate(at)).toBe(clock.format(at))
      }),
    )
  })
})
