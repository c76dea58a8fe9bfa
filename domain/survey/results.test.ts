import { expect, test } from 'vitest'
import type { AgencyVersion } from './lineage.ts'
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
