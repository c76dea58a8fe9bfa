import { expect, test } from 'vitest'
import type { AgencyVersion } from '#features/agencies/rules.ts'
import { cityResults, fractionPassed, placeOf } from './rules.ts'
import { type Counts, chosen, NO_TALLY } from './tally-rules.ts'

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
      // Too small a rest to compare the other with.
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

test('an option by hand: 16 of 20, and one that nobody chose', () => {
  const tally = { respondents: 20, counts: { yes: 16, no: 4 } }
  const yes = chosen(tally, 'yes')
  expect(yes).toMatchObject({ count: 16, share: 0.8 })
  expect(yes?.low).toBeCloseTo(0.584, 3)
  expect(yes?.high).toBeCloseTo(0.9193, 3)
  const none = chosen(tally, 'maybe')
  expect(none).toMatchObject({ count: 0, share: 0, low: 0 })
  expect(none?.high).toBeCloseTo(0.1611, 3)
})

test('of nobody there is no share', () => {
  expect(chosen(NO_TALLY, 'yes')).toBeNull()
})

test.each([
  ['2026-11-01', 0],
  ['2026-11-27', 26 / 30],
  ['2026-02-15', 14 / 28],
  ['2028-02-29', 28 / 29],
  ['2026-12-31', 30 / 31],
])('when %s begins, so much of its month has passed', (date, share) => {
  expect(fractionPassed(date)).toBeCloseTo(share, 12)
})
