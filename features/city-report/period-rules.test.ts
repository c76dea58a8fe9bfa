import { describe, expect, it } from 'vitest'
import type { AgencyVersion, Catalogue, Succession } from '#features/agencies/rules.ts'
import type { Month } from '#features/results/rules.ts'
import {
  breaksOf,
  cutsOf,
  eventsOf,
  namePeriod,
  periodChoices,
  readPeriod,
  throughDay,
} from './period-rules.ts'

const now = new Date('2026-11-24T03:00:00Z')
const read = (period: string, from = '', to = '') => {
  const result = readPeriod({ period, from, to }, now)
  return result.ok ? [result.value.from, result.value.to] : `${result.error.field}: ${result.error.fault}`
}

it('reads a year, a half, a quarter, or months as people write them', () => {
  expect(read('2026')).toEqual(['2026-01', '2026-12'])
  expect(read('2025-half-2')).toEqual(['2025-07', '2025-12'])
  expect(read('2026-quarter-3')).toEqual(['2026-07', '2026-09'])
  expect(read('months', '3/2026', '2026-05')).toEqual(['2026-03', '2026-05'])
  expect(read('')).toBe('period: period.empty')
  for (const bad of ['2027', '2026-half-3', '2026-quarter-5', 'x', '2026-half-0'])
    expect(read(bad), bad).toBe('period: period.empty')
  expect(read('months', '13/2026', '1/2026')).toBe('from: month.format')
  expect(read('months', '5/2026', '')).toBe('to: month.format')
  expect(read('months', '5/2026', '4/2026')).toBe('to: month.order')
  expect(read('months', '5/2026', '12/2026')).toBe('to: month.future')
  expect(read('months', '5/2020', '10/2026')).toBe('to: month.long')
})

it('offers what has begun, and names what it reads', () => {
  const choices = periodChoices('2025-11' as Month, now)
  expect(choices.map(({ value }) => value)).toEqual([
    ...['2026', '2026-half-1', '2026-half-2', '2026-quarter-1', '2026-quarter-2', '2026-quarter-3'],
    ...['2026-quarter-4', '2025', '2025-half-2', '2025-quarter-4'],
  ])
  for (const { value, from, to } of choices) {
    expect(read(value)).toEqual([from, to])
    const name = namePeriod({ from, to })
    const part = 'part' in name && name.kind !== 'year' ? `-${name.kind}-${name.part}` : ''
    expect('year' in name && `${name.year}${part}`).toBe(value)
  }
  expect(namePeriod({ from: '2026-02' as Month, to: '2026-02' as Month })).toEqual({ kind: 'month' })
})

it('tells of no day that has not been', () => {
  const period = { from: '2026-01' as Month, to: '2026-02' as Month }
  expect(throughDay(period, '2026-11-24')).toBe('2026-02-28')
  expect(throughDay(period, '2026-02-03')).toBe('2026-02-03')
})

const DAY = '2026-07-01'

function version(id: string, validFrom: string, validTo: string | null, nameVi = id): AgencyVersion {
  const rest = { kind: 'district', abbreviation: null, areas: [], legalBasis: null } as const
  return { ...rest, id, versionId: `${id} ${validFrom}`, nameVi, nameEn: nameVi, validFrom, validTo }
}
const succession = (kind: Succession['kind'], from: string, to: string | null, on = DAY): Succession => ({
  kind,
  from,
  to,
  on,
  basis: `Nghị quyết ${on}`,
})

/** a and b became c; d is called D from the same day; e went on; f was abolished a year earlier. */
const CATALOGUE: Catalogue = {
  versions: [
    version('a', '2016-01-01', DAY),
    version('b', '2016-01-01', DAY),
    version('c', DAY, null),
    version('d', '2016-01-01', DAY, 'd cũ'),
    version('d', DAY, null, 'd mới'),
    version('e', '2016-01-01', null),
    version('f', '2016-01-01', '2025-07-01'),
  ],
  successions: [
    succession('abolish', 'f', null, '2025-07-01'),
    succession('merge', 'a', 'c'),
    succession('merge', 'b', 'c'),
    succession('rename', 'd', 'd'),
  ],
}
const YEAR = { first: '2026-01-01', last: '2026-12-31' }
const of = (...ids: string[]) => {
  const breaks = breaksOf(CATALOGUE, new Set(ids), YEAR)
  return { breaks, cuts: cutsOf(CATALOGUE, new Set(ids), breaks) }
}

describe('breaks of a report’s trend', () => {
  it('are those that its agencies came from or went into, in its time, by the names of either side', () => {
    expect(of('a').breaks.map(({ from, to }) => [from.id, to?.id])).toEqual([['a', 'c']])
    expect(of('c').breaks.map(({ from }) => from.id)).toEqual(['a', 'b'])
    expect(of('d').breaks).toMatchObject([{ kind: 'rename', from: { vi: 'd cũ' }, to: { vi: 'd mới' } }])
    expect(of('e', 'f').breaks).toEqual([])
    const before = { first: '2025-01-01', last: '2026-06-30' }
    expect(breaksOf(CATALOGUE, new Set(['a', 'f']), before)).toMatchObject([{ from: { id: 'f' }, to: null }])
    expect(breaksOf(CATALOGUE, new Set(['a']), { first: DAY, last: DAY })).toHaveLength(1)
  })

  it('begin the limits anew only where none of its agencies is the office it was', () => {
    expect(of('a', 'b', 'c').cuts).toEqual(['2026-07'])
    expect(of('a', 'b', 'c', 'd').cuts).toEqual(['2026-07'])
    expect(of('a', 'b', 'c', 'd', 'e').cuts).toEqual([])
    expect(of('e').cuts).toEqual([])
    // An agency that had already ended does not go on, any more than a new one does.
    expect(of('c', 'f').cuts).toEqual(['2026-07'])
  })

  it('are told by decision', () => {
    const { breaks } = of('a', 'd')
    expect(eventsOf(breaks)).toEqual([{ on: DAY, basis: `Nghị quyết ${DAY}`, breaks }])
    expect(
      eventsOf([
        ...breaks,
        ...breaksOf(CATALOGUE, new Set(['f']), { first: '2025-01-01', last: '2025-12-31' }),
      ]),
    ).toHaveLength(2)
  })
})
