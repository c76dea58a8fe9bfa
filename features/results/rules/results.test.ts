import { expect, test } from 'vitest'
import type { AgencyVersion } from '#features/agencies/rules/lineage.ts'
import type { Counts } from './distribution.ts'
import { cityResults, placeOf } from './results.ts'

const version = (id: string, kind: 'district' | 'department'): AgencyVersion =>
  ({ id, kind, validFrom: '2016-01-01', validTo: null }) as AgencyVersion

const KNOWN = [
  ...['quan-1', 'quan-3', 'quan-4', 'quan-5'].map((id) => version(id, 'district')),
  ...['so-tu-phap', 'so-y-te'].map((id) => version(id, 'department')),
]

test('each agency has a band, or a reason why it has none', () => {
  const { agencies } = cityResults(
    KNOWN,
    '2026-11-24',
    new Map([
      ['quan-1', { '1': 100 }],
      ['quan-3', { '5': 100 }],
      ['quan-4', { '5': 20 }],
      ['so-tu-phap', { '5': 60 }],
      // Not enough of a rest for the other to be compared with.
      ['so-y-te', { '5': 20 }],
    ]),
  )
  expect(agencies.map((one) => [one.agency.id, placeOf(one)])).toEqual([
    ['quan-1', 'below'],
    ['quan-3', 'above'],
    ['quan-4', 'few'],
    ['quan-5', 'suppressed'],
    ['so-tu-phap', 'alone'],
    ['so-y-te', 'few'],
  ])
})

test('agencies that ended are compared with those of their time, even when answers come in at their successors', () => {
  const ended = { validTo: '2026-12-01' }
  const wards = ['phuong-1', 'phuong-2'].map((id) => ({
    ...version(id, 'district'),
    validFrom: '2026-12-01',
  }))
  const known = [...KNOWN.map((one) => (one.kind === 'district' ? { ...one, ...ended } : one)), ...wards]
  const before = new Map<string, Counts>([
    ['quan-1', { '1': 10, '5': 20 }],
    ['quan-3', { '5': 60 }],
  ])
  const bandsOf = (today: string, counts: typeof before) => {
    const { agencies, former } = cityResults(known, today, counts)
    return new Map([...agencies, ...former].map(({ agency, band }) => [agency.id, band]))
  }
  const later = new Map<string, Counts>([...before, ['phuong-1', { '1': 900 }], ['phuong-2', { '5': 900 }]])
  for (const found of [bandsOf('2026-11-30', before), bandsOf('2026-12-01', later)])
    expect([found.get('quan-1'), found.get('quan-3')]).toEqual(['below', 'above'])
  const found = bandsOf('2026-12-01', later)
  expect([found.get('phuong-1'), found.get('phuong-2')]).toEqual(['below', 'above'])
  // A last version that began late is not the agency's beginning.
  const renamed = known.map((one) =>
    one.id === 'phuong-1' ? { ...one, validFrom: '2027-01-01', since: '2016-01-01' } : one,
  )
  const rows = cityResults(renamed, '2027-01-01', later).former
  expect(rows.find(({ agency }) => agency.id === 'quan-3')?.band).toBe('above')
  expect(rows.find(({ agency }) => agency.id === 'quan-1')?.band).toBe('above')
})
