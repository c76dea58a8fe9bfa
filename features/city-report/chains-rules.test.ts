import { describe, expect, it } from 'vitest'
import type { AgencyVersion, Succession } from '#features/agencies/rules.ts'
import type { Month } from '#features/results/rules.ts'
import { chainsOf, heirOf, mergeChains } from './period-rules.ts'
import type { PublishedMonth, ReportScope } from './report-rules.ts'
import { cityReport } from './rules.ts'

const DAY = '2026-12-01'

const version = (
  id: string,
  validFrom: string,
  validTo: string | null,
  kind: 'district' | 'ward' | 'department' = 'district',
): AgencyVersion => ({
  ...{ id, versionId: `${id} ${validFrom}`, nameVi: id, nameEn: id, kind, validFrom, validTo },
  ...{ abbreviation: null, areas: [], legalBasis: null },
})
const to = (from: string, heir: string | null, on = DAY): Succession => ({
  ...{ on, kind: heir === null ? 'abolish' : 'merge', from, to: heir, basis: 'NQ' },
})

/** a alone became b, b alone became c; two became one, one became two, and one joined an existing department. */
const versions = [
  version('a', '2016-01-01', '2026-03-01'),
  version('b', '2026-03-01', DAY),
  version('c', DAY, null, 'ward'),
  version('two-1', '2016-01-01', DAY),
  version('two-2', '2016-01-01', DAY),
  version('one', DAY, null, 'ward'),
  version('split', '2016-01-01', DAY),
  version('half-1', DAY, null, 'ward'),
  version('half-2', DAY, null, 'ward'),
  version('old', '2016-01-01', DAY, 'department'),
  version('kept', '2016-01-01', null, 'department'),
  version('gone', '2016-01-01', DAY),
]
const successions = [
  to('a', 'b', '2026-03-01'),
  to('b', 'c'),
  to('two-1', 'one'),
  to('two-2', 'one'),
  to('split', 'half-1'),
  to('split', 'half-2'),
  to('old', 'kept'),
  to('gone', null),
]
const CATALOGUE = { versions, successions }

describe('a chain of agencies', () => {
  it('is of one that became exactly one new one, on and on, and of nothing else', () => {
    const chains = chainsOf(CATALOGUE, '2026-12-31')
    expect(chains).toEqual([
      { on: '2026-03-01', from: 'a', to: 'b' },
      { on: DAY, from: 'b', to: 'c' },
    ])
    const heir = heirOf(chains)
    expect(['a', 'b', 'c', 'split', 'old'].map(heir)).toEqual(['c', 'c', 'c', 'split', 'old'])
    expect(mergeChains(versions, heir).find(({ id }) => id === 'c')?.since).toBe('2016-01-01')
    // Before that day the succession is unknown.
    expect(heirOf(chainsOf(CATALOGUE, '2026-11-30'))('a')).toBe('b')
  })

  it('is one row of the year’s report, and the others that ended keep their bands beside those of their time', () => {
    const told = (agencyId: string, code: string, people: number, month = '2026-02'): PublishedMonth => ({
      ...{ agencyId, version: 1, question: 'r1', month: month as Month },
      ...{ respondents: people, counts: { [code]: people } },
    })
    const source = {
      ...{ office: { vi: '', en: '', abbreviation: '' }, scope: 'all' as ReportScope, agencyIds: [] },
      period: { from: '2026-01' as Month, to: '2026-12' as Month },
      ...{ through: '2026-12-31', known: versions, catalogue: CATALOGUE, questionnaires: [] },
      months: [
        told('a', '5', 20),
        told('c', '1', 20, '2026-12'),
        told('two-1', '5', 100),
        told('split', '1', 100),
        // Rated well, but not compared with the districts.
        told('half-1', '5', 5_000, '2026-12'),
      ],
      comments: { agencies: ['a', 'b'].map((id) => ({ id, comments: 10 })), themes: [] },
      ...{ voices: { promises: [], texts: [] }, exclusions: [] },
      suggestions: { received: [], answered: [] },
    } as const
    const report = cityReport(source)
    const of = (id: string) => report.agencies.find((one) => one.id === id)
    expect(of('a')).toBeUndefined()
    expect(of('c')).toMatchObject({
      ...{ responses: 40, satisfied: 0.5, former: false },
      chained: [{ id: 'a', on: '2026-03-01' }],
    })
    expect(report.comments.agencies).toEqual([{ id: 'c', comments: 20 }])
    expect(of('two-1')).toMatchObject({ band: 'above', former: true, endedOn: DAY })
    expect(of('split')).toMatchObject({ band: 'below', former: true, endedOn: DAY })
    expect(of('two-1')).not.toHaveProperty('chained')
    expect(of('half-1')).toMatchObject({ startedOn: DAY, former: false })
    // A manager who chooses the old agency gets the chain, with the reorganisation in its trend.
    const chosen = cityReport({ ...source, scope: 'chosen', agencyIds: ['a'] })
    expect(chosen.agencies.map(({ id, responses }) => [id, responses])).toEqual([['c', 40]])
    expect(chosen.breaks?.map(({ from }) => from.id)).toEqual(['a', 'b'])
  })
})
