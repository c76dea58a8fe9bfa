import { expect, test } from 'vitest'
import { ok } from '#lib/result.ts'
import { type AgencyVersion, type Catalogue, englishName, groupOf } from '../rules.ts'
import { idFor, readCatalogueChange, type TypedChange } from './form-rules.ts'

const version = (id: string, nameVi: string): AgencyVersion => ({
  id,
  nameVi,
  nameEn: englishName(nameVi),
  kind: 'district',
  abbreviation: null,
  areas: [],
  versionId: id,
  validFrom: '2016-01-01',
  validTo: null,
  legalBasis: null,
})
const catalogue: Catalogue = {
  versions: [
    version('quan-1', 'Quận 1'),
    version('quan-3', 'Quận 3'),
    version('quan-4', 'Quận 4'),
    { ...version('so-tu-phap', 'Sở Tư pháp'), nameEn: 'Department of Justice', kind: 'department' },
  ],
  successions: [],
}
const typed = (some: Partial<TypedChange>): TypedChange => ({
  kind: 'add',
  agency: '',
  from: [],
  into: '',
  agencyKind: 'ward',
  nameVi: 'Phường Sài Gòn',
  nameEn: '',
  abbreviation: '',
  parts: '',
  keeps: '',
  on: '2026-12-01',
  basis: 'Nghị quyết 1',
  ...some,
})
const read = (some: Partial<TypedChange>) => {
  const result = readCatalogueChange(typed(some), catalogue)
  return result.ok ? result.value : result.error
}

test('an id is made from the name, and is nobody else’s', () => {
  expect(idFor('Phường Đông Hưng Thuận', new Set())).toBe('phuong-dong-hung-thuan')
  expect(idFor('Quận 1', new Set(['quan-1', 'quan-1-2']))).toBe('quan-1-3')
  expect(idFor('  !!', new Set())).toBe('co-quan')
})

test('reads each kind of change', () => {
  expect(read({})).toMatchObject({
    closes: [],
    opens: [{ id: 'phuong-sai-gon', nameEn: 'Sài Gòn Ward', kind: 'ward', legalBasis: 'Nghị quyết 1' }],
  })
  expect(read({ kind: 'rename', agency: 'quan-3', nameVi: 'Quận Ba' })).toMatchObject({
    closes: ['quan-3'],
    opens: [{ id: 'quan-3', nameVi: 'Quận Ba', kind: 'district' }],
    successions: [],
  })
  expect(read({ kind: 'merge', from: ['quan-3', 'quan-4'], into: 'quan-1' })).toMatchObject({
    closes: ['quan-3', 'quan-4', 'quan-1'],
    opens: [{ id: 'quan-1', nameVi: 'Quận 1' }],
    successions: [
      { kind: 'merge', from: 'quan-3', to: 'quan-1' },
      { kind: 'merge', from: 'quan-4', to: 'quan-1' },
    ],
  })
  expect(
    read({ kind: 'split', agency: 'quan-3', keeps: 'on', parts: ' Quận 13 | District 13\r\n\n' }),
  ).toMatchObject({
    opens: [{ id: 'quan-3' }, { id: 'quan-13', nameEn: 'District 13' }],
    successions: [{ kind: 'split', from: 'quan-3', to: 'quan-13' }],
  })
  expect(read({ kind: 'close', agency: 'quan-3' })).toMatchObject({
    closes: ['quan-3'],
    successions: [{ kind: 'abolish', to: null }],
  })
})

test('what is merged is still found by the districts that its parts were drawn from', () => {
  const ward = (id: string, area: string) => ({ ...version(id, id), kind: 'ward', areas: [area] }) as const
  const wards = { versions: [ward('a', 'Quận 1'), ward('b', 'Quận 3'), ward('c', 'Quận 1')], successions: [] }
  const merged = readCatalogueChange(typed({ kind: 'merge', from: ['a', 'b', 'c'] }), wards)

  expect(merged).toMatchObject({ value: { opens: [{ kind: 'ward', areas: ['Quận 1', 'Quận 3'] }] } })
})

test('English is complete: made by rule, or asked for, and never left standing beside another name', () => {
  const add = { agencyKind: 'department', nameVi: 'Sở Biển và Đảo' }
  expect(read(add)).toEqual({ nameEn: 'nameEn.empty' })
  expect(read({ ...add, nameEn: 'Sở Biển và Đảo' })).toEqual({ nameEn: 'nameEn.empty' })
  const sea = 'Department of Seas and Islands'
  expect(read({ ...add, nameEn: sea })).toMatchObject({ opens: [{ nameEn: sea }] })
  const split = { kind: 'split', agency: 'so-tu-phap', keeps: 'on' } as const
  expect(read({ ...split, parts: 'Sở Tư pháp Tây' })).toEqual({ parts: 'parts.english' })
  expect(read({ ...split, parts: 'Sở Tư pháp Tây | West Justice' })).toMatchObject({
    opens: [{}, { nameEn: 'West Justice' }],
  })
  const ward = { kind: 'rename', agency: 'quan-1', nameVi: 'Quận Nhất' } as const
  for (const nameEn of ['', 'District 1']) {
    expect(read({ ...ward, nameEn })).toMatchObject({ opens: [{ nameEn: 'Nhất District' }] })
  }
  expect(read({ ...ward, nameEn: 'First District' })).toMatchObject({ opens: [{ nameEn: 'First District' }] })
  const office = { kind: 'rename', agency: 'so-tu-phap' } as const
  expect(read({ ...office, nameVi: 'Sở Pháp luật' })).toEqual({ nameEn: 'nameEn.empty' })
  expect(read({ ...office, nameVi: 'Sở Tư pháp', abbreviation: 'STP' })).toMatchObject({
    opens: [{ nameEn: 'Department of Justice', abbreviation: 'STP' }],
  })
})

test('what several become is of the kind that is chosen for it, as long as it is of their group', () => {
  const city = { kind: 'merge', from: ['quan-3', 'quan-4'], nameVi: 'Thành phố Thủ Đức' } as const
  expect(read({ ...city, agencyKind: 'city' })).toMatchObject({
    opens: [{ kind: 'city', nameEn: 'Thủ Đức City' }],
  })
  expect(groupOf('city')).toBe('districts')
  expect(read({ ...city, agencyKind: '' })).toEqual({ agencyKind: 'agencyKind.empty' })
  expect(read({ ...city, agencyKind: 'department' })).toEqual({ agencyKind: 'agencyKind.group' })
  const mixed = { ...city, from: ['quan-3', 'so-tu-phap'] }
  expect(read({ ...mixed, agencyKind: 'district' })).toEqual({ from: 'from.mixed' })
  expect(read({ ...mixed, into: 'quan-1' })).toEqual({ from: 'from.mixed' })
})

test.each<[Partial<TypedChange>, object]>([
  [
    { nameVi: ' ', on: '', basis: '' },
    { nameVi: 'name.empty', on: 'on.empty', basis: 'basis.empty' },
  ],
  [
    { on: '2026-02-31', basis: 'x'.repeat(301) },
    { on: 'on.format', basis: 'basis.too_long' },
  ],
  [{ basis: 'Theo đề nghị của ông Nguyễn Văn Tốt, 0903 123 456' }, { basis: 'personal' }],
  [{ nameVi: 'QUẬN 3' }, { nameVi: 'name.taken' }],
  [{ nameVi: 'x'.repeat(121) }, { nameVi: 'name.too_long' }],
  [{ agencyKind: 'planet' }, { agencyKind: 'agencyKind.empty' }],
  [{ kind: 'rename', agency: 'quan-3', nameVi: 'Quận 3', nameEn: '' }, { nameVi: 'name.same' }],
  [{ kind: 'rename', agency: 'quan-3', nameVi: 'quận 4' }, { nameVi: 'name.taken' }],
  [{ kind: 'rename', agency: 'quan-99' }, { form: 'agency.unknown' }],
  [{ kind: 'merge', from: ['quan-3'], into: '' }, { from: 'from.few' }],
  [{ kind: 'merge', from: ['quan-3', 'quan-4'], into: 'quan-99' }, { into: 'into.unknown' }],
  [{ kind: 'split', agency: 'quan-3', parts: 'Một' }, { parts: 'parts.few' }],
  [{ kind: 'split', agency: 'quan-3', parts: 'Quận Một\nquận một' }, { parts: 'name.taken' }],
])('%j is refused with %j', (some, faults) => {
  expect(read(some)).toEqual(faults)
})

test('a merger’s agencies may be named as people type them, and what is none is told beside its field', () => {
  const merged = { closes: ['quan-3', 'quan-4', 'quan-1'] }
  expect(read({ kind: 'merge', from: ['Quận 3', '', 'quan 4'], into: 'District 1' })).toMatchObject(merged)
  expect(read({ kind: 'merge', from: ['quan-3', 'quan-4'], into: 'quan-1', how: 'into' })).toMatchObject(
    merged,
  )
  expect(read({ kind: 'merge', from: ['Quận 3', '', 'Quận 44'], into: 'Quận 1' })).toEqual({
    from3: 'from.unknown',
  })
  expect(read({ kind: 'merge', from: ['Quận 3'], into: '', how: 'into', agencyKind: '' })).toEqual({
    into: 'into.empty',
  })
  expect(read({ kind: 'merge', from: ['Quận 3', 'Quận 3'], how: 'new' })).toEqual({ from: 'from.few' })
})

test('of two names that are alike without their marks, each is found by its own', () => {
  const alike = { ...catalogue, versions: [version('a', 'Phường Phú Thọ'), version('b', 'Phường Phù Thọ')] }
  const of = (from: readonly string[]) =>
    readCatalogueChange(typed({ kind: 'merge', from, how: 'new' }), alike)
  expect(of(['Phường Phú Thọ', 'Phường Phù Thọ'])).toMatchObject(ok({ closes: ['a', 'b'] }))
  expect(of(['phuong phu tho', 'Phường Phù Thọ'])).toMatchObject({ error: { from1: 'from.unknown' } })
})
