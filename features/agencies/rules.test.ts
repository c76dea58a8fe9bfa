import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import first from '#cities/hcm/agencies-2016.json' with { type: 'json' }
import second from '#cities/hcm/agencies-2025.json' with { type: 'json' }
import { editionChange, editionSchema, firstPossibleDay, leftAlone } from './changes/edition-rules.ts'
import {
  addition,
  afterChange,
  type Change,
  checkChange,
  closure,
  dayAfter,
  dayBefore,
  division,
  merger,
  renaming,
} from './changes/rules.ts'
import {
  type AgencyKind,
  type AgencyVersion,
  byArea,
  type Catalogue,
  endingOf,
  englishName,
  openOn,
  placesOf,
  predecessorsOf,
  renamingsOf,
  successorsOn,
  versionOn,
} from './rules.ts'
import { searchAgencies } from './search-rules.ts'

test.each<[readonly AgencyKind[], string]>([
  [['district', 'rural_district', 'department'], 'districts'],
  [['ward', 'department'], 'wards'],
  [['commune'], 'wards'],
  [['special_zone', 'ward'], 'wards'],
  [['ward', 'rural_district'], 'both'],
  [['department'], 'districts'],
  [[], 'districts'],
])('agencies of the kinds %j are called %s', (kinds, places) => {
  expect(placesOf(kinds)).toBe(places)
})

const agency = (id: string, nameVi = id) =>
  ({ id, nameVi, nameEn: nameVi, kind: 'district', abbreviation: null, areas: [] }) as const
const version = (id: string, validFrom = '2016-01-01', validTo: string | null = null): AgencyVersion => ({
  ...agency(id),
  versionId: `${id}@${validFrom}`,
  validFrom,
  validTo,
  legalBasis: null,
})
const of = (...versions: AgencyVersion[]): Catalogue => ({ versions, successions: [] })
const ids = (found: readonly { readonly id: string }[]) => found.map(({ id }) => id)
const quiet = { today: '2025-01-01', lastAnswered: new Map<string, string>() }
const on = (day: string) => ({ on: day, basis: 'Quyết định 1' })

const edition = editionSchema.parse(second)
const of2016: Catalogue = {
  versions: first.agencies.map((one) => ({
    ...version(one.id),
    nameVi: one.name_vi,
    nameEn: one.name_en,
    kind: one.kind as AgencyKind,
    abbreviation: one.abbreviation,
  })),
  successions: [],
}

describe('the edition of 2025', () => {
  const change = editionChange(edition, of2016, '2025-07-01')
  const after = afterChange(of2016, change)
  const from = (id: string) => change.successions.filter((one) => one.to === id)

  test('ends every district, keeps what is not known to have ended, and has 168 units and 16 departments', () => {
    const open = openOn(after, '2025-07-01')
    expect(open.filter(({ kind }) => kind === 'district' || kind === 'rural_district')).toEqual([])
    expect(open.filter(({ kind }) => kind !== 'department')).toHaveLength(168)
    expect(open.filter(({ kind }) => kind === 'department')).toHaveLength(16 + second.keep_open.length)
    expect(ids(open)).toEqual(expect.arrayContaining(second.keep_open))
    expect(openOn(after, '2025-06-30')).toHaveLength(44)
  })

  test('says who took over from whom, and how', () => {
    expect(ids(successorsOn(after, 'quan-3', '2025-07-01'))).toEqual([
      'phuong-xuan-hoa',
      'phuong-nhieu-loc',
      'phuong-ban-co',
    ])
    expect(from('phuong-ban-co')).toMatchObject([{ kind: 'split', from: 'quan-3' }])
    // Drawn from three districts, so it inherits no answers.
    expect(from('phuong-cat-lai')).toMatchObject([
      { kind: 'merge', from: 'quan-2' },
      { kind: 'merge', from: 'quan-9' },
      { kind: 'merge', from: 'thu-duc' },
    ])
    expect(from('phuong-cat-lai')[0]?.basis).toContain('1111/NQ-UBTVQH14')
    expect(ids(successorsOn(after, 'so-lao-dong', '2025-07-01'))).toEqual(['so-noi-vu'])
    expect(change.closes).not.toContain('so-y-te')
    expect(change.closes).toContain('so-noi-vu')
    expect(from('phuong-thu-dau-mot')).toEqual([])
  })

  test('leaves alone what had ended, and takes over from who has its tasks', () => {
    const day = '2025-07-01'
    const united = afterChange(
      of2016,
      merger(['quan-2', 'quan-9', 'thu-duc'], agency('tp', 'TP'), on('2021-01-01')),
    )
    const before = [closure('so-y-te', on('2025-03-01')), closure('so-noi-vu', on('2025-03-01'))]
    const found = before.reduce(afterChange, united)
    const made = editionChange(edition, found, day)
    expect(checkChange(made, found, quiet).ok).toBe(true)
    expect(ids(leftAlone(edition, found, day))).toEqual([
      'quan-2',
      'quan-9',
      'thu-duc',
      'so-noi-vu',
      'so-y-te',
    ])
    const then = afterChange(found, made)
    expect(successorsOn(then, 'quan-9', day)).toHaveLength(12)
    expect(ids(openOn(then, day))).not.toContain('tp')
    expect(ids(openOn(then, day))).not.toContain('so-y-te')
    expect(made.successions.filter(({ to }) => to === 'so-noi-vu')).toMatchObject([
      { kind: 'merge', from: 'so-lao-dong' },
    ])
    // Merged into an agency that continues in the edition: that one is not closed as the heir.
    const into = of2016.versions.find(({ id }) => id === 'so-y-te')
    if (into === undefined) throw new Error('none')
    const kept = afterChange(of2016, merger(['so-lao-dong', 'so-y-te'], into, on('2025-03-01')))
    expect(editionChange(edition, kept, day).closes).not.toContain('so-y-te')
    expect(firstPossibleDay(edition, kept, quiet)).toBe(day)
    const soon = afterChange(of2016, closure('quan-3', on('2025-09-01')))
    expect(checkChange(editionChange(edition, soon, day), soon, quiet)).toMatchObject({
      error: { fault: 'ended', agency: 'quan-3', day: '2025-09-01' },
    })
    expect(firstPossibleDay(edition, soon, quiet)).toBe('2025-09-01')
  })

  test('finds a ward by its old district, without diacritics', () => {
    const open = openOn(after, '2025-07-01')
    expect(ids(searchAgencies(open, 'q3'))).toEqual(ids(successorsOn(after, 'quan-3', '2025-07-01')))
    expect(searchAgencies(open, 'thu duc')).toHaveLength(12)
    expect(ids(searchAgencies(open, 'ben thanh'))).toEqual(['phuong-ben-thanh'])
    expect(ids(searchAgencies(open, 'phuong sai gon'))).toEqual(['phuong-sai-gon'])
    // A ward of several old districts is under each, so that nobody looks for it under theirs in vain.
    const { areas } = byArea(open)
    const several = open.filter((agency) => agency.areas.length > 1)
    expect(several.length).toBeGreaterThan(5)
    for (const { id, areas: own } of several)
      expect(areas.filter(({ agencies }) => ids(agencies).includes(id)).map(({ area }) => area)).toEqual(
        expect.arrayContaining([...own]),
      )
    expect(englishName('Đặc khu Côn Đảo')).toBe('Côn Đảo Special Zone')
    expect(englishName('Quận 1')).toBe('District 1')
    expect(englishName('Thị xã Điện Bàn, Quảng Nam')).toBe('Điện Bàn Town, Quảng Nam')
  })
})

describe('a change', () => {
  const three = of(version('a'), version('b'), version('c'))
  const fault = (change: Change, circumstances = quiet, catalogue = three) => {
    const checked = checkChange(change, catalogue, circumstances)
    return checked.ok ? null : checked.error.fault
  }

  test('does not rewrite the past', () => {
    expect(fault(closure('a', on('2024-12-31')))).toBe('past')
    expect(fault(closure('a', on('2025-01-01')))).toBeNull()
    const answered = { ...quiet, lastAnswered: new Map([['a', '2025-01-01']]) }
    expect(fault(closure('a', on('2025-01-01')), answered)).toBe('answered')
    expect(fault(closure('a', on('2025-01-02')), answered)).toBeNull()
    const late = of(version('a', '2025-03-01'))
    expect(fault(closure('a', on('2025-03-01')), quiet, late)).toBe('before_start')
    expect(fault(closure('a', on('2025-06-01')), quiet, of(version('a', '2016-01-01', '2025-04-01')))).toBe(
      'ended',
    )
    expect(fault(addition(agency('a'), on('2025-06-01')))).toBe('exists')
    expect(fault(closure('x', on('2025-06-01')))).toBe('ended')
  })

  test('leads from what ended to what goes on, through every step', () => {
    const merged = afterChange(three, merger(['a', 'b'], agency('d'), on('2025-02-01')))
    const split = afterChange(merged, division('d', [agency('e'), agency('c2')], on('2025-05-01')))
    const closed = afterChange(split, closure('e', on('2025-08-01')))
    expect(ids(successorsOn(closed, 'a', '2025-01-31'))).toEqual(['a'])
    expect(ids(successorsOn(closed, 'a', '2025-02-01'))).toEqual(['d'])
    expect(ids(successorsOn(closed, 'b', '2025-05-01'))).toEqual(['e', 'c2'])
    expect(ids(successorsOn(closed, 'a', '2025-08-01'))).toEqual(['c2'])
    expect(successorsOn(closed, 'e', '2025-08-01')).toEqual([])
    expect(endingOf(closed, 'e', '2025-08-01')).toMatchObject([{ kind: 'abolish', to: null }])
    expect(ids(predecessorsOf(closed, 'd', '2025-02-01'))).toEqual(['a', 'b'])
    expect(ids(predecessorsOf(closed, 'e', '2025-05-01'))).toEqual(['d'])
  })

  test('renaming keeps the id, and with it the links', () => {
    const renamed = afterChange(three, renaming(agency('a', 'A mới'), on('2025-02-01')))
    expect(successorsOn(renamed, 'a', '2025-02-01')).toMatchObject([{ id: 'a', nameVi: 'A mới' }])
    expect(versionOn(renamed.versions, '2025-01-31')?.nameVi).toBe('a')
  })
})

describe('any run of changes', () => {
  const day = fc
    .integer({ min: 0, max: 2000 })
    .map((days) => new Date(Date.UTC(2025, 0, 1) + days * 86_400_000).toISOString().slice(0, 10))
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
  const some = fc.uniqueArray(id, { minLength: 2, maxLength: 4 })
  const change = fc.oneof(
    fc.tuple(id, day).map(([one, when]) => addition(agency(one), on(when))),
    fc.tuple(id, day).map(([one, when]) => renaming(agency(one), on(when))),
    fc.tuple(some, id, day).map(([from, into, when]) => merger(from, agency(into), on(when))),
    fc.tuple(id, some, day).map(([from, into, when]) =>
      division(
        from,
        into.map((one) => agency(one)),
        on(when),
      ),
    ),
    fc.tuple(id, day).map(([one, when]) => closure(one, on(when))),
  )

  const made = fc.array(change, { maxLength: 25 }).map((changes) => {
    let catalogue = of(version('a'), version('b'), version('c'))
    for (const one of changes) {
      if (checkChange(one, catalogue, quiet).ok) catalogue = afterChange(catalogue, one)
    }
    return catalogue
  })

  test('never lets two versions of one agency be valid on one day', () => {
    fc.assert(
      fc.property(made, (catalogue) => {
        // Nothing changes between two boundaries, so the days around each stand for all days.
        const bounds = catalogue.versions.flatMap(({ validFrom, validTo }) => [
          validFrom,
          validTo ?? validFrom,
        ])
        for (const bound of bounds.flatMap((one) => [dayBefore(one), one, dayAfter(one)])) {
          const open = ids(openOn(catalogue, bound))
          expect(new Set(open).size).toBe(open.length)
        }
      }),
    )
  })

  test('leads every agency to open ones alone, and an open one to itself', () => {
    fc.assert(
      fc.property(made, day, id, (catalogue, when, one) => {
        const open = ids(openOn(catalogue, when))
        const found = ids(successorsOn(catalogue, one, when))
        expect(found.every((successor) => open.includes(successor))).toBe(true)
        expect(new Set(found).size).toBe(found.length)
        if (open.includes(one)) expect(found).toEqual([one])
      }),
    )
  })
})

test('a renaming is told by its names, day and basis, the latest first; another change of a version is none', () => {
  const named = (nameVi: string, validFrom: string, validTo: string | null, legalBasis: string | null) => ({
    ...version('a', validFrom, validTo),
    nameVi,
    legalBasis,
  })
  const versions = [
    named('Một', '2016-01-01', '2020-01-01', null),
    named('Hai', '2020-01-01', '2021-01-01', 'QĐ 1'),
    // Took in another agency, under its own name.
    named('Hai', '2021-01-01', '2022-01-01', 'QĐ 2'),
    named('Ba', '2022-01-01', null, 'QĐ 3'),
  ]
  expect(
    renamingsOf(versions).map(({ before, after, on, basis }) => [before.nameVi, after.nameVi, on, basis]),
  ).toEqual([
    ['Hai', 'Ba', '2022-01-01', 'QĐ 3'],
    ['Một', 'Hai', '2020-01-01', 'QĐ 1'],
  ])
  expect(renamingsOf(versions.slice(0, 1))).toEqual([])
})
