import { describe, expect, it } from 'vitest'
import type { AgencyVersion } from '#features/agencies/rules.ts'
import type { Month } from '#features/results/rules.ts'
import { COVERAGE_LEAST, coverageOf, isCovered, readVolumeTable, tellFaults, volumeKey } from './rules.ts'

const now = new Date('2026-12-10T03:00:00Z')
const version = (id: string, validFrom: string, validTo: string | null = null) =>
  ({ id, validFrom, validTo, nameVi: id, nameEn: id, kind: 'district' }) as AgencyVersion
const versions = [
  version('quan-3', '2016-01-01'),
  version('quan-9', '2016-01-01', '2026-11-16'),
  version('moi', '2026-11-16'),
]
const read = (text: string) => {
  const rows = readVolumeTable(
    text.split('\n').map((line) => line.split(',')),
    versions,
    now,
  )
  return rows && tellFaults(rows, volumeKey)
}

describe('a table of cases', () => {
  it('is read with or without a head, in the order or under the names that people write', () => {
    const want = [{ agencyId: 'quan-3', month: '2026-11', procedure: '1.000656', cases: 12450 }]
    expect(read('agency,month,procedure,cases\nquan-3,2026-11,1.000656,12450')).toEqual({
      taken: want,
      faults: [],
    })
    expect(read('Số hồ sơ,Mã cơ quan,Tháng,Mã thủ tục\n12450,quan-3,11/2026,1.000656')?.taken).toEqual(want)
    expect(read('quan-3,2026-11-01,1.000656,12450')?.taken).toEqual(want)
    expect(read('a,b\n1,2')).toBeNull()
  })

  it.each([
    ['quan-99,2026-11,,5', 'agency'],
    ['quan-3,11-26,,5', 'month'],
    ['quan-3,2027-01,,5', 'future'],
    ['quan-9,2026-12,,5', 'closed'],
    ['moi,2026-10,,5', 'closed'],
    ['quan-3,2026-11,a b;,5', 'procedure'],
    ['quan-3,2026-11,,-5', 'cases'],
    ['quan-3,2026-11,,5.5', 'cases'],
    ['quan-3,2026-11,,99999999', 'cases'],
  ])('%s is refused', (line, fault) => {
    expect(read(`agency,month,procedure,cases\nquan-3,2026-10,,1\n${line}`)).toMatchObject({
      taken: [{ cases: 1 }],
      faults: [{ line: 3, fault }],
    })
  })

  it('takes none of a month, and both agencies of a month in which one was abolished for the other', () => {
    expect(
      read('quan-3,2026-11,,0\nquan-9,2026-11,,700\nmoi,2026-11,,900')?.taken.map(({ cases }) => cases),
    ).toEqual([0, 700, 900])
  })

  it('refuses the same agency, month and procedure twice, and reads thousands as people write them', () => {
    expect(read('quan-3,2026-11,,1.234\nquan-3,2026-11,x,5\nquan-3,11/2026,,7')).toMatchObject({
      taken: [{ cases: 1234 }, { procedure: 'x', cases: 5 }],
      faults: [{ line: 3, fault: 'repeated' }],
    })
  })
})

describe('coverage', () => {
  const months = (...pairs: readonly (readonly [string, number])[]) => new Map(pairs as [Month, number][])
  it('is of the months whose cases are told', () => {
    expect(
      coverageOf(
        months(['2026-10', 1000], ['2026-11', 3000]),
        months(['2026-09', 500], ['2026-10', 20], ['2026-11', 20]),
      ),
    ).toEqual({
      cases: 4000,
      answers: 40,
      perThousand: 10,
    })
  })

  it('is not known without cases, and cannot be said of none or of fewer cases than answers', () => {
    expect(coverageOf(months(), months(['2026-11', 5]))).toBeNull()
    expect(coverageOf(months(['2026-11', 0]), months())).toMatchObject({ perThousand: null })
    expect(coverageOf(months(['2026-11', 30]), months(['2026-11', 40]))).toMatchObject({ perThousand: null })
  })

  it('lets an agency be compared from so many answers on, and where nothing is told', () => {
    const of = (answers: number) => coverageOf(months(['2026-11', 10_000]), months(['2026-11', answers]))
    expect([
      isCovered(null),
      isCovered(of(10 * COVERAGE_LEAST)),
      isCovered(of(10 * COVERAGE_LEAST - 1)),
    ]).toEqual([true, true, false])
    expect(isCovered(coverageOf(months(['2026-11', 0]), months()))).toBe(false)
  })
})
