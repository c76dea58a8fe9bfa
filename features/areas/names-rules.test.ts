import { expect, test } from 'vitest'
import { CITY } from '#cities/city.ts'
import first from '#cities/hcm/areas-2016.json' with { type: 'json' }
import second from '#cities/hcm/areas-2025.json' with { type: 'json' }
import { soughtNames } from './finder-rules.ts'
import { isSought } from './words-rules.ts'

const districts = new Map(
  first.areas.map(({ id, name_vi, name_en }) => [id, { nameVi: name_vi, nameEn: name_en }]),
)
const WARDS = second.areas.map(({ id, name_vi, name_en, drawn_from, formerly }) => ({
  ...{ id, nameVi: name_vi, nameEn: name_en, formerly },
  drawnFrom: drawn_from.flatMap((from) => districts.get(from) ?? []),
  became: [],
}))
const names = soughtNames(WARDS)
const found = (typed: string) =>
  WARDS.filter(({ id }) => isSought(typed, names[id] ?? [], CITY.also)).map(({ id }) => id)

test.each([
  ['p bến nghé', ['phuong-sai-gon']],
  ['ben ngh', ['phuong-sai-gon']],
  ['phuong 7 q3', ['phuong-xuan-hoa']],
  ['Sài Gòn', ['phuong-sai-gon']],
  ['Sai Gon Ward', ['phuong-sai-gon']],
  ['q1', ['phuong-tan-dinh', 'phuong-sai-gon', 'phuong-ben-thanh', 'phuong-cau-ong-lanh']],
  ['hà nội', []],
])('%j leaves %j', (typed, ids) => {
  expect(found(typed).sort()).toEqual([...ids].sort())
})

test('every area is left by its own name, as a person begins to type it', () => {
  for (const { id, nameVi } of WARDS) {
    expect(found(nameVi)).toContain(id)
    expect(found(nameVi.slice(0, -1))).toContain(id)
  }
})

const DISTRICTS = first.areas.map(({ id, name_vi, name_en }) => ({
  ...{ id, nameVi: name_vi, nameEn: name_en, formerly: [], drawnFrom: [] },
  became: second.areas.flatMap(({ drawn_from, name_vi: nameVi, name_en: nameEn }) =>
    drawn_from.includes(id) ? [{ nameVi, nameEn }] : [],
  ),
}))
const inDistricts = soughtNames(DISTRICTS)

test.each([
  ['q3', ['quan-3']],
  ['district 1', ['quan-1']],
  ['binh thanh', ['binh-thanh']],
  ['p bến nghé', ['quan-1']],
  ['phường sài gòn', ['quan-1']],
  ['phuong 7 q3', ['quan-3']],
  ['Thu Duc', ['thu-duc']],
  ['hà nội', []],
])('in the edition of districts %j leaves %j', (typed, ids) => {
  expect(
    DISTRICTS.filter(({ id }) => isSought(typed, inDistricts[id] ?? [], CITY.also)).map(({ id }) => id),
  ).toEqual(ids)
})
