import { describe, expect, it } from 'vitest'
import { byPeriod, gapOf, readBenchmarkTable } from './rules.ts'

const now = new Date('2026-12-01T03:00:00Z')
const read = (...lines: readonly string[]) =>
  readBenchmarkTable(
    lines.map((line) => line.split(';')),
    new Set(['quan-3']),
    now,
  )
const HEAD = 'agency;measure;period;value;ceiling;low;high'

describe('a table of other indices', () => {
  it('is read with its ceiling and interval, of an agency or of the whole City', () => {
    expect(
      read(HEAD, 'quan-3;QD766;2026-10;86,4;;;', ';sipas;2025;83.5;100;82;85')?.map((one) => one.read),
    ).toEqual([
      {
        ...{ agencyId: 'quan-3', measure: 'qd766', period: '2026-10' },
        ...{ value: 86.4, ceiling: 100, low: null, high: null },
      },
      {
        ...{ agencyId: '', measure: 'sipas', period: '2025' },
        ...{ value: 83.5, ceiling: 100, low: 82, high: 85 },
      },
    ])
    expect(read('a;b', '1;2')).toBeNull()
  })

  it.each([
    ['quan-99;sipas;2025;80;;;', 'agency'],
    ['quan-3;papi;2025;80;;;', 'measure'],
    ['quan-3;sipas;2027;80;;;', 'period'],
    ['quan-3;sipas;2026-13;80;;;', 'period'],
    ['quan-3;qd766;2027-Q1;80;;;', 'period'],
    ['quan-3;sipas;2025;101;;;', 'value'],
    ['quan-3;sipas;2025;;;;', 'value'],
    ['quan-3;sipas;2025;80;;75;', 'interval'],
    ['quan-3;sipas;2025;80;;81;85', 'interval'],
  ])('%s is refused', (line, fault) => {
    expect(read(HEAD, line)?.[0]?.read).toBe(fault)
  })
})

it('the period that ends last is the newest, however it is written', () => {
  const periods = ['2025', '2026-Q3', '2026-11', '2026-09', '2026-Q1', '2026-Q4', '2024']
  expect(periods.map((period) => ({ period })).toSorted(byPeriod)).toEqual(
    ['2026-Q4', '2026-11', '2026-09', '2026-Q3', '2026-Q1', '2025', '2024'].map((period) => ({ period })),
  )
})

describe('what is between another index and ours', () => {
  const ours = { value: 0.74, low: 0.7, high: 0.78 }
  it('is told of a share of people, and whether our interval has it', () => {
    expect(gapOf({ measure: 'sipas', value: 83, ceiling: 100 }, ours)).toEqual({ points: 9, within: false })
    expect(gapOf({ measure: 'sipas', value: 3.9, ceiling: 5 }, ours)).toEqual({ points: 4, within: true })
  })
  it('is nothing of points for something else, nor where we have no figure', () => {
    expect(gapOf({ measure: 'qd766', value: 86, ceiling: 100 }, ours)).toBeNull()
    expect(gapOf({ measure: 'sipas', value: 83, ceiling: 100 }, null)).toBeNull()
  })
})
