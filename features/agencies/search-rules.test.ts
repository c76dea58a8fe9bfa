import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import first from '#cities/hcm/agencies-2016.json' with { type: 'json' }
import second from '#cities/hcm/agencies-2025.json' with { type: 'json' }
import { TILES } from '#features/results/map/rules.ts'
import { foldDiacritics } from '#lib/text-normalization.ts'
import { editionChange, editionSchema } from './changes/edition-rules.ts'
import { afterChange, closure, renaming } from './changes/rules.ts'
import { type Agency, type AgencyKind, type Catalogue, openOn } from './rules.ts'
import { formerNames, nearestAgencies, searchAgencies, searchPlaces } from './search-rules.ts'

const of2016 = first.agencies.map((one) => ({
  id: one.id,
  nameVi: one.name_vi,
  nameEn: one.name_en,
  kind: one.kind as AgencyKind,
  abbreviation: one.abbreviation,
  areas: [],
  versionId: one.id,
  validFrom: '2016-01-01',
  validTo: null,
  legalBasis: null,
}))
const before = { versions: of2016, successions: [] }
const after = afterChange(before, editionChange(editionSchema.parse(second), before, '2025-07-01'))
const of2025 = openOn(after, '2025-07-01')
const found = (query: string, agencies: readonly Agency[] = of2016) =>
  searchAgencies(agencies, query).map(({ id }) => id)
const near = (query: string) => nearestAgencies(of2016, query).map(({ id }) => id)

test.each([
  ['q1', 'quan-1'],
  ['Quận 1', 'quan-1'],
  ['quan3', 'quan-3'],
  ['quan 03', 'quan-3'],
  ['Q.03', 'quan-3'],
  ['Q. 12', 'quan-12'],
  ['q.12, tphcm', 'quan-12'],
  ['UBND quận 3', 'quan-3'],
  ['UBND Q3', 'quan-3'],
  ['UB Q.3', 'quan-3'],
  ['Uỷ ban Quận 3', 'quan-3'],
  ['Ủy ban nhân dân Quận 3', 'quan-3'],
  ['HĐND-UBND Quận 3', 'quan-3'],
  ['Văn phòng UBND quận 3', 'quan-3'],
  ['District 3 People’s Committee', 'quan-3'],
  ['People’s Committee of District 3', 'quan-3'],
  ['D3', 'quan-3'],
  ['Dist. 10', 'quan-10'],
  ['quận 1, TP.HCM', 'quan-1'],
  ['Quận 1, Thành phố Hồ Chí Minh, Việt Nam', 'quan-1'],
  ['quan 10 tp ho chi minh', 'quan-10'],
  ['District 1, Ho Chi Minh City', 'quan-1'],
  ['quận ba', 'quan-3'],
  ['quận nhất', 'quan-1'],
  ['UBND Quan nhat', 'quan-1'],
  ['Quận Tư', 'quan-4'],
  ['Q. Bốn', 'quan-4'],
  ['quan muoi', 'quan-10'],
  ['quận mười một', 'quan-11'],
  ['UBND quan muoi hai', 'quan-12'],
  ['THU DUC', 'thu-duc'],
  ['tp thu duc', 'thu-duc'],
  ['TP.Thủ Đức', 'thu-duc'],
  ['Thành phố Thủ Đức', 'thu-duc'],
  ['UBND TP. Thủ Đức, TP.HCM', 'thu-duc'],
  ['Thu Duc City', 'thu-duc'],
  ['Q. Bình Thạnh', 'binh-thanh'],
  ['ubnd q.binh thanh', 'binh-thanh'],
  ['H. Củ Chi', 'cu-chi'],
  ['quận Hóc Môn', 'hoc-mon'],
  ['hóc m', 'hoc-mon'],
  ['so y te', 'so-y-te'],
  ['Sở Y tế TP.HCM', 'so-y-te'],
  ['Sở Y tế thành phố', 'so-y-te'],
  ['health', 'so-y-te'],
  ['Department of Health of HCMC', 'so-y-te'],
  ['SGTVT', 'so-giao-thong-van-tai'],
  ['Sở GTVT', 'so-giao-thong-van-tai'],
  ['S.GTVT', 'so-giao-thong-van-tai'],
  ['gtvt', 'so-giao-thong-van-tai'],
  ['Sở GTVT TPHCM', 'so-giao-thong-van-tai'],
  ['Sở TNMT', 'so-tai-nguyen-moi-truong'],
  ['Sở TN&MT', 'so-tai-nguyen-moi-truong'],
  ['Sở GD&ĐT', 'so-giao-duc-dao-tao'],
  ['So GD va DT', 'so-giao-duc-dao-tao'],
  ['Sở Giáo dục Đào tạo', 'so-giao-duc-dao-tao'],
  ['Sở LĐTBXH', 'so-lao-dong'],
  ['Sở LĐ-TB&XH', 'so-lao-dong'],
  ['lao động thương binh', 'so-lao-dong'],
  ['Sở KHĐT', 'so-ke-hoach-va-dau-tu'],
  ['Sở KH&ĐT', 'so-ke-hoach-va-dau-tu'],
  ['sở tttt', 'so-thong-tin-truyen-thong'],
  ['Sở NN&PTNT', 'so-nong-nghiep'],
  ['Sở NN', 'so-nong-nghiep'],
  ['Sở TP', 'so-tu-phap'],
  ['Sở Quy hoạch Kiến trúc', 'so-quy-hoach-kien-truc'],
  ['hepza', 'ban-quan-ly-kcx-kcn'],
  ['BQL KCX', 'ban-quan-ly-kcx-kcn'],
  ['khu công nghệ cao', 'ban-quan-ly-khu-cong-nghe-cao'],
])('%j finds %s first', (query, id) => {
  expect(found(query)[0]).toBe(id)
})

test('a whole name finds that place alone', () => {
  for (const query of ['q1', 'UBND Q1', 'quan 01', 'quận một', 'D1']) expect(found(query)).toEqual(['quan-1'])
  expect(found('tp thu duc')).toEqual(['thu-duc'])
  expect(found('Sở GTVT')).toEqual(['so-giao-thong-van-tai'])
  expect(found('binh')).toEqual(['binh-tan', 'binh-thanh', 'tan-binh', 'binh-chanh', 'so-lao-dong'])
})

test.each(['khong co', 'quận 13', 'UBND', '...', 'q', 'TP.HCM', 'constructor', 'ubnd '.repeat(60)])(
  '%j is read without a mistake',
  (query) => {
    expect(found(query).every((id) => of2016.some((one) => one.id === id))).toBe(true)
  },
)

test('without a search there are 24 districts and 20 departments, and every district is on the map', () => {
  const all = searchAgencies(of2016, '  ')
  const districts = all.filter(({ kind }) => kind !== 'department').map(({ id }) => id)
  expect([districts.length, all.length]).toEqual([24, 44])
  expect(TILES.map(({ agencyId }) => agencyId).sort()).toEqual(districts.sort())
})

describe('where nothing is what was searched for', () => {
  test.each([
    ['Công an quận 3', ['quan-3']],
    ['phường 1, quận 3', ['quan-3']],
    ['Phòng Tư pháp quận Gò Vấp', ['go-vap']],
    ['59 Lý Tự Trọng, Q.1', ['quan-1']],
    ['Sở Giao thôg vận tải', ['so-giao-thong-van-tai']],
    ['Sở Giao thông Công chánh', ['so-giao-thong-van-tai']],
    ['binh thanhh', ['binh-thanh']],
    ['Bến Nghé', []],
    ['so giao thoong', ['so-giao-thong-van-tai']],
    ['công nghê cao su', ['ban-quan-ly-khu-cong-nghe-cao']],
    ['quận 13', []],
    ['khong', []],
    ['', []],
  ])('%j is near %j', (query, ids) => {
    expect(found(query).length === 0 || query === '').toBe(true)
    expect(near(query)).toEqual(ids)
  })

  test('no more than a dozen are offered', () => {
    expect(nearestAgencies(of2025, 'Phường Dương Bình Abc')).toHaveLength(12)
  })
})

describe.each([
  ['2016', of2016],
  ['2025', of2025],
])('in the edition of %s', (_, agencies) => {
  const way = fc.constantFrom<(name: string) => string>(
    (name) => name,
    (name) => name.normalize('NFD'),
    foldDiacritics,
    (name) => name.toUpperCase(),
    (name) => foldDiacritics(name).toUpperCase(),
    (name) => `  ${name.replaceAll(' ', '  ')} `,
    (name) => `UBND ${name}`,
    (name) => `${name}, TP.HCM`,
  )

  test('every agency is found by its own names', () => {
    fc.assert(
      fc.property(fc.constantFrom(...agencies), way, ({ id, nameVi, nameEn, abbreviation }, written) => {
        for (const name of [nameVi, nameEn, abbreviation ?? nameVi]) {
          expect(found(written(name), agencies)).toContain(id)
        }
      }),
      { numRuns: 150 },
    )
  })

  test('for every search, what is found is in the catalogue’s order', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (query) => {
        for (const some of [searchAgencies(agencies, query), nearestAgencies(agencies, query)]) {
          const kept = new Set(some)
          expect(agencies.filter((agency) => kept.has(agency))).toEqual(some)
        }
      }),
    )
  })
})

test('a ward is found by the district it was drawn from, however that is written', () => {
  for (const query of ['Quận 3', 'UBND Q.03', 'quận ba, TP.HCM']) {
    expect(found(query, of2025)).toEqual(['phuong-xuan-hoa', 'phuong-nhieu-loc', 'phuong-ban-co'])
  }
  expect(found('tp thu duc', of2025)).toEqual(found('Thành phố Thủ Đức', of2025))
  expect(found('P. Bến Thành', of2025)).toEqual(['phuong-ben-thanh'])
  // The ward's own name is one of the city's.
  for (const query of [
    'Sài Gòn',
    'UBND Phường Sài Gòn',
    'Phường Sài Gòn, TP.HCM',
    'P. Sài Gòn, TP. Hồ Chí Minh',
  ]) {
    expect(found(query, of2025), query).toEqual(['phuong-sai-gon'])
  }
})

describe('a former name', () => {
  /** Returns each former name with the agencies of today to which it leads, and what else is found. */
  const places = (query: string, catalogue: Catalogue, today: string) => {
    const { found, former, near } = searchPlaces(
      openOn(catalogue, today),
      formerNames(catalogue, today),
      query,
    )
    const led = former.map(({ nameVi, district, now }) => [
      district === null ? nameVi : `${nameVi}, ${district}`,
      now.map(({ id }) => id),
    ])
    return { found: found.map(({ id }) => id), former: led, near: near.map(({ id }) => id) }
  }
  const [today, none] = ['2026-12-01', { found: [], near: [] }]
  const transport = [['Sở Giao thông vận tải', ['so-xay-dung']]]
  const benNghe = (now: string) => [['Phường Bến Nghé, Quận 1', [now]]]

  test.each([
    ['so giao thong', transport],
    ['Sở Giao thông Vận tải TP.HCM', transport],
    ['SGTVT', transport],
    ['Bến Nghé', benNghe('phuong-sai-gon')],
    ['UBND phường Bến Nghé', benNghe('phuong-sai-gon')],
    ['p. ben nghe, q.1, tphcm', benNghe('phuong-sai-gon')],
    ['59 Lý Tự Trọng, phường Bến Nghé', benNghe('phuong-sai-gon')],
    ['P.12 Q. Gò Vấp', [['Phường 12, Quận Gò Vấp', ['phuong-an-hoi-tay']]]],
    ['thị trấn Tân Túc', [['Thị trấn Tân Túc, Huyện Bình Chánh', ['xa-tan-nhut']]]],
  ])('in the edition of 2025 %j leads to %j alone', (query, former) => {
    expect(places(query, after, today)).toEqual({ ...none, former })
  })

  test.each([
    ['Bến Nghé', benNghe('quan-1')],
    ['Phường Bến Nghé, Quận 1', benNghe('quan-1')],
    ['phường 1, quận 3', [['Phường 1, Quận 3', ['quan-3']]]],
  ])('before the edition of 2025 %j leads to %j alone', (query, former) => {
    expect(places(query, before, today)).toEqual({ ...none, former })
  })

  test('of a whole district says nothing where its wards are found by it', () => {
    const { found, former } = places('Quận 3', after, today)
    expect([found, former]).toEqual([['phuong-xuan-hoa', 'phuong-nhieu-loc', 'phuong-ban-co'], []])
    expect(places('Bến Thành', after, today)).toEqual({ found: ['phuong-ben-thanh'], former: [], near: [] })
    expect(places('  ', after, today).former).toEqual([])
  })

  test('stands beside an agency of today that has the same name', () => {
    const { found, former } = places('Phường Tân Phú', after, today)
    expect(found).toEqual(['phuong-tan-phu'])
    expect(former.map(([name]) => name)).toContain('Phường Tân Phú, Quận 7')
  })

  test('leads from the name before a renaming, from its day on, and says of the abolished that nobody follows', () => {
    const one = before.versions.find(({ id }) => id === 'so-ngoai-vu')
    if (one === undefined) throw new Error('none')
    const decision = { on: '2026-11-29', basis: 'Quyết định 1' }
    const foreign = renaming({ ...one, nameVi: 'Sở Đối ngoại', nameEn: 'Department X' }, decision)
    const then = [foreign, closure('so-du-lich', decision)].reduce<Catalogue>(afterChange, before)
    expect(places('so ngoai vu', then, '2026-11-28')).toEqual({
      found: ['so-ngoai-vu'],
      former: [],
      near: [],
    })
    expect(places('so ngoai vu', then, today)).toEqual({
      ...none,
      former: [['Sở Ngoại vụ', ['so-ngoai-vu']]],
    })
    expect(formerNames(then, today)).toContainEqual(
      expect.objectContaining({ why: 'renamed', nameVi: 'Sở Ngoại vụ', on: '2026-11-29' }),
    )
    expect(places('Sở Du lịch', then, today)).toEqual({ ...none, former: [['Sở Du lịch', []]] })
  })

  test('of every ward of June 2025 is found with its district, and leads to who took it over', () => {
    const former = formerNames(after, today)
    const wards = former.filter(({ why }) => why === 'ward')
    expect(wards).toHaveLength(478)
    const units = new Set(wards.flatMap(({ now }) => now.map(({ id }) => id)))
    // All but Côn Đảo, which had no wards.
    expect(units.size).toBe(167)
    fc.assert(
      fc.property(fc.constantFrom(...wards), ({ nameVi, district, now }) => {
        const { found, former: led } = searchPlaces(openOn(after, today), former, `${nameVi}, ${district}`)
        const reached = [...found, ...led.flatMap((one) => one.now)].map(({ id }) => id)
        for (const { id } of now) expect(reached).toContain(id)
      }),
      { numRuns: 60 },
    )
  })
})
