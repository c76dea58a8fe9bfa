import { expect, it } from 'vitest'
import type { Month } from '#features/results/rules/month.ts'
import { nameOf, periodChoices, readPeriod, throughDay } from './report-period.ts'

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
    const name = nameOf({ from, to })
    const part = 'part' in name && name.kind !== 'year' ? `-${name.kind}-${name.part}` : ''
    expect('year' in name && `${name.year}${part}`).toBe(value)
  }
  expect(nameOf({ from: '2026-02' as Month, to: '2026-02' as Month })).toEqual({ kind: 'month' })
})

it('tells of no day that has not been', () => {
  const period = { from: '2026-01' as Month, to: '2026-02' as Month }
  expect(throughDay(period, '2026-11-24')).toBe('2026-02-28')
  expect(throughDay(period, '2026-02-03')).toBe('2026-02-03')
})
