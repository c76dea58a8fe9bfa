import { describe, expect, it } from 'vitest'
import type { AgencyVersion, Catalogue, Succession } from '#features/agencies/rules/lineage.ts'
import { breaksOf, cutsOf, eventsOf } from './report-breaks.ts'

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
    // What had ended before goes on no more than what is new.
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
