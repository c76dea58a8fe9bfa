import { describe, expect, it } from 'vitest'
import { addMilliseconds, DAY, localDate } from '#lib/time.ts'
import { daysKnownAhead, HOLIDAYS, type Holiday } from './holidays-rules.ts'

const year = (y: string) => HOLIDAYS.filter(({ date }) => date.startsWith(y))
const isWeekend = ({ date }: Holiday) => [0, 6].includes(new Date(date).getUTCDay())

/**
 * The day in the city of the new moon that begins a lunar month, `lunation` counted from January 2000: the
 * mean moon and its largest periodic terms (Meeus, Astronomical Algorithms, chapter 49), right to a few
 * minutes. Not ICU's Chinese calendar, which puts the new moon of 6/2/2027, 22:56 here, on the day after.
 */
function newMoon(lunation: number): string {
  const t = lunation / 1236.85
  const sin = (degrees: number) => Math.sin((degrees * Math.PI) / 180)
  const sun = 2.5534 + 29.1053567 * lunation
  const moon = 201.5643 + 385.81693528 * lunation + 0.0107582 * t * t
  const latitude = 160.7108 + 390.67050284 * lunation - 0.0016118 * t * t
  const julianDay =
    2451550.09766 +
    29.530588861 * lunation +
    0.00015437 * t * t -
    0.4072 * sin(moon) +
    0.17241 * sin(sun) +
    0.01608 * sin(2 * moon) +
    0.01039 * sin(2 * latitude) +
    0.00739 * sin(moon - sun) -
    0.00514 * sin(moon + sun)
  // Dynamical time is 69 s ahead of UTC in these years: less than what the short series leaves out.
  return localDate(new Date((julianDay - 2440587.5) * DAY))
}

describe('the holidays', () => {
  it('are real dates, each once, in order', () => {
    const dates = HOLIDAYS.map(({ date }) => date)
    expect(dates.map((date) => new Date(date).toISOString().slice(0, 10))).toEqual(dates)
    expect([...new Set(dates)].sort()).toEqual(dates)
  })

  it('have Tết on the first day of the first lunar month and the kings on the tenth of the third', () => {
    const tet = { 2026: newMoon(323), 2027: newMoon(335) }
    const tenthOfThird = (lunation: number) =>
      localDate(addMilliseconds(new Date(newMoon(lunation)), 9 * DAY))
    const kings = { 2026: tenthOfThird(325), 2027: tenthOfThird(337) }
    expect(tet).toEqual({ 2026: '2026-02-17', 2027: '2027-02-06' })
    expect(kings).toEqual({ 2026: '2026-04-26', 2027: '2027-04-16' })
    const named = (name: string) => HOLIDAYS.filter((h) => h.name === name).map(({ date }) => date)
    expect(named('tet')).toEqual(expect.arrayContaining(Object.values(tet)))
    expect(named('hung_kings')).toEqual(expect.arrayContaining(Object.values(kings)))
  })

  it.each(['2026', '2027'])('give the eleven days of the law in %s, weekends made up', (y) => {
    const statutory = year(y).filter(({ name }) => name !== 'exchanged' && name !== 'culture')
    expect(statutory.length - statutory.filter(isWeekend).length).toBe(11)
  })
})

describe('daysKnownAhead', () => {
  const day = (date: string, basis: Holiday['basis'] = 'announced', name: Holiday['name'] = 'tet') => ({
    date,
    name,
    basis,
  })
  it.each([
    [
      'to the end of the last year that has its Tết',
      '2026-12-01',
      [day('2026-02-17'), day('2027-02-06')],
      396,
    ],
    ['to the first day that is assumed', '2026-12-01', [day('2026-02-17'), day('2027-02-04', 'assumed')], 65],
    [
      'past a day that was assumed and is over',
      '2026-12-01',
      [day('2026-02-17'), day('2026-11-24', 'assumed', 'culture')],
      31,
    ],
    ['not at all where today is only assumed', '2027-02-04', [day('2027-02-04', 'assumed')], 0],
    ['not at all in a year without a table', '2028-01-03', [day('2027-02-06')], 0],
    ['not beyond a year that was left out', '2026-12-31', [day('2026-02-17'), day('2028-01-26')], 1],
    [
      'not by other holidays alone',
      '2026-12-31',
      [day('2026-02-17'), day('2027-01-01', 'law', 'new_year')],
      1,
    ],
    ['not at all without any', '2026-12-31', [], 0],
  ])('is known %s', (_, today, rows, days) => {
    expect(daysKnownAhead(rows, today)).toBe(days)
  })
})
