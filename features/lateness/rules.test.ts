import { describe, expect, it } from 'vitest'
import { HOLIDAYS } from '#features/cases/clocks/holidays-rules.ts'
import { addMilliseconds, DAY } from '#lib/time.ts'
import { lookAgainAt, promisedBy, stepsOf, worstDelays } from './rules.ts'

const HOLIDAYS_KNOWN = new Set(HOLIDAYS.map(({ date }) => date))
const at = (text: string) => new Date(`${text}+07:00`)

describe('stepsOf', () => {
  it.each([
    ['a Monday', '2026-12-07T09:00', '2026-12-08T17:00', '2026-12-10T17:00'],
    ['a Friday', '2026-12-11T17:00', '2026-12-14T17:00', '2026-12-16T17:00'],
    ['the eve of Tết 2027', '2027-02-03T17:00', '2027-02-11T17:00', '2027-02-15T17:00'],
    ['a minute to midnight on 31 December', '2026-12-31T23:59', '2027-01-04T17:00', '2027-01-06T17:00'],
    ['a year without a table: weekends alone', '2028-01-24T17:00', '2028-01-25T17:00', '2028-01-27T17:00'],
  ])('tells city police and the inspectorate in working days after %s', (_, due, city, inspectorate) => {
    expect(stepsOf(at(due), HOLIDAYS_KNOWN)).toEqual({
      cityDueAt: at(city),
      inspectorateDueAt: at(inspectorate),
    })
  })
})

describe('promisedBy', () => {
  it('names a new day after the day on which it is told, over Tết too', () => {
    expect(promisedBy('first_action', at('2027-02-03T10:00'), HOLIDAYS_KNOWN)).toEqual(at('2027-02-11T17:00'))
    expect(promisedBy('decision', at('2026-12-10T17:05'), HOLIDAYS_KNOWN)).toEqual(at('2026-12-15T17:00'))
  })
})

describe('lookAgainAt', () => {
  it('is the next moment at which something changes, and six hours at most', () => {
    const now = at('2026-12-07T09:00')
    expect(lookAgainAt(now, [addMilliseconds(now, -1), at('2026-12-07T10:00')])).toEqual(
      at('2026-12-07T10:00'),
    )
    expect(lookAgainAt(now, [])).toEqual(at('2026-12-07T15:00'))
  })
})

describe('worstDelays', () => {
  const now = at('2026-12-31T12:00')
  const group = (kind: 'decision' | 'appeal' | 'hold' | 'erase', days: number, count: number) => ({
    kind,
    oldestDueAt: addMilliseconds(now, -days * DAY),
    count,
  })
  const days = (groups: Parameters<typeof worstDelays>[0]) =>
    Object.fromEntries(worstDelays(groups, now).map(({ kind, days: told }) => [kind, told]))

  it('rounds up to fives, always tells the city’s worst, and a group’s from five on', () => {
    expect(days([group('decision', 11, 3), group('appeal', 2, 2), group('erase', 31, 4)])).toEqual({
      all: 35,
      first_action: 0,
      decision: 15,
      unblock_decision: 0,
      objection: 0,
      data: null,
    })
  })

  it('tells nothing where nothing is late, nor of what nobody outside waits for', () => {
    expect(days([group('hold', 9, 20)])).toMatchObject({ all: 0, decision: 0, data: 0 })
  })

  it('does not move within five days, so that nobody reads a case’s own day off it', () => {
    const told = [11, 12, 13, 14, 15].map((day) => days([group('decision', day, 6)]).decision)
    expect(told).toEqual([15, 15, 15, 15, 15])
  })
})
