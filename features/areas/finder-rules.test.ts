import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import first from '#cities/hcm/areas-2016.json' with { type: 'json' }
import second from '#cities/hcm/areas-2025.json' with { type: 'json' }
import { findAreas, type Gazetteer, readArea } from './finder-rules.ts'
import { answeringUnit, CITY_UNIT, deskOf, FORMER_WARDS } from './rules.ts'

const ALL = [...first.areas, ...second.areas]

function gazetteer(edition: '2016' | '2025'): Gazetteer {
  const inForce = edition === '2016' ? first.areas : second.areas
  const leadsTo = new Map<string, string[]>()
  const lead = (from: string, to: string) => leadsTo.set(from, [...(leadsTo.get(from) ?? []), to])
  for (const { id, drawn_from } of second.areas)
    for (const from of drawn_from) {
      lead(from, id)
      lead(id, from)
    }
  const others = edition === '2016' ? second.areas : first.areas
  return {
    areas: ALL.map(({ id, name_vi, name_en, formerly }) => ({
      ...{ id, nameVi: name_vi, nameEn: name_en, formerly },
    })),
    map: {
      inForce: new Map(inForce.map(({ id }) => [id, id])),
      leadsTo,
      areasOf: new Map(ALL.map(({ id }) => [id, [id]])),
      desks: new Map(others.map(({ id }) => [id, deskOf(id)])),
      names: new Map(ALL.map(({ id, name_vi }) => [id, name_vi])),
      cityUnit: CITY_UNIT,
    },
  }
}
const districts = gazetteer('2016')
const wards = gazetteer('2025')

describe('the finder', () => {
  test.each([
    ['p bến nghé', ['quan-1'], ['phuong-sai-gon']],
    ['phuong 7 q3', ['quan-3'], ['phuong-xuan-hoa']],
    ['P.05, Q.3', ['quan-3'], ['phuong-ban-co']],
    ['f5 q3', ['quan-3'], ['phuong-ban-co']],
    ['thu duc', ['thu-duc'], undefined],
    ['tp thủ đức', ['quan-2', 'quan-9', 'thu-duc'], undefined],
    ['q1', ['quan-1'], ['phuong-tan-dinh', 'phuong-sai-gon', 'phuong-ben-thanh', 'phuong-cau-ong-lanh']],
    ['quận nhất', ['quan-1'], undefined],
    ['District 1', ['quan-1'], undefined],
    ['quan muoi hai', ['quan-12'], undefined],
    ['Bình Thạnh, TP.HCM', ['binh-thanh'], undefined],
    ['h. Cần Giờ', ['can-gio'], undefined],
    ['phường Sài Gòn', ['quan-1'], ['phuong-sai-gon']],
    ['Go Vap District', ['go-vap'], undefined],
    ['tan phu', ['tan-phu'], undefined],
    ['zzz', [], []],
    ['', [], []],
  ] as const)('%s', (query, in2016, in2025) => {
    const found = findAreas(query, districts)
    if (query === 'tp thủ đức') expect(found.toSorted()).toEqual(in2016)
    else expect(found[0]).toBe(in2016[0])
    if (in2025) expect(findAreas(query, wards).toSorted()).toEqual([...in2025].toSorted())
  })

  test('finds every area in force by its own name, with and without diacritics, kind and capitals', () => {
    for (const edition of [districts, wards])
      fc.assert(
        fc.property(
          fc.constantFrom(...edition.areas.filter(({ id }) => edition.map.inForce.has(id))),
          fc.boolean(),
          fc.boolean(),
          ({ id, nameVi }, bare, short) => {
            const name = short ? nameVi.replace(/^Phường /, 'P. ').replace(/^Quận /, 'Q.') : nameVi
            const typed = bare ? name.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/gi, 'd') : name
            expect(findAreas(typed.toLowerCase(), edition)).toContain(id)
          },
        ),
      )
  })

  test('leads every former ward, said with its district, into areas in force', () => {
    for (const { nameVi, district, heirs } of FORMER_WARDS)
      expect(findAreas(`${nameVi}, ${district}`, wards)).toEqual(expect.arrayContaining([...heirs]))
  })

  test('never fails and names only areas in force', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        for (const one of [districts, wards])
          for (const id of findAreas(text, one)) expect(one.map.inForce.has(id)).toBe(true)
      }),
    )
  })
})

describe('an answer', () => {
  test('is an area in force, an ended one with one heir or a place that names its ward, or is asked for again', () => {
    expect(readArea('quan-3', '', districts)).toEqual({ area: 'quan-3' })
    expect(readArea('quan-3', 'chợ', wards)).toBe('ended')
    expect(readArea('quan-3', 'Phường Võ Thị Sáu', wards)).toEqual({ area: 'phuong-xuan-hoa' })
    expect(readArea('phuong-ban-co', '', districts)).toEqual({ area: 'quan-3' })
    expect(readArea('phuong 7 q3', '', wards)).toEqual({ area: 'phuong-xuan-hoa' })
    expect(readArea('q1', '', wards)).toBe('several')
    expect(readArea('hà nội', '', wards)).toBe('empty')
  })
})

test('the answering unit of any case is one in force or the city’s', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ALL), fc.string(), fc.boolean(), ({ id }, place, old) => {
      const { map } = old ? districts : wards
      const unit = answeringUnit(map, { areaId: id, unitId: id, place })
      expect([...map.inForce.values(), ...map.desks.values(), CITY_UNIT]).toContain(unit)
    }),
  )
})
