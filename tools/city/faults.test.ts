import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'

const home = process.cwd()
const copy = mkdtempSync(join(tmpdir(), 'an-tam-city-faults-'))
const file = (name: string, folder = 'example') => join(copy, 'cities', folder, name)
let faultsOf: (city: string, year: number) => readonly string[]

beforeAll(async () => {
  for (const city of ['hcm', 'example', 'viet-nam'])
    cpSync(join('cities', city), join(copy, 'cities', city), { recursive: true })
  process.chdir(copy)
  vi.resetModules()
  ;({ faultsOf } = await import('./faults.ts'))
})
beforeEach(() => {
  rmSync(join(copy, 'cities/example'), { recursive: true })
  cpSync(join(home, 'cities/example'), join(copy, 'cities/example'), { recursive: true })
})
afterAll(() => {
  process.chdir(home)
  rmSync(copy, { recursive: true })
})

function change(name: string, from: string, to: string): void {
  const text = readFileSync(file(name), 'utf8')
  expect(text).toContain(from)
  writeFileSync(file(name), text.replace(from, to))
}
const lineOf = (name: string, words: string): number =>
  readFileSync(file(name), 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(words)) + 1
const found = () => faultsOf('example', 2026)

test('nothing is wrong with the city that is copied', () => {
  expect(found()).toEqual([])
})

test('two areas of one name are named with both lines', () => {
  const first = lineOf('areas-2025.json', '"Phường Một"')
  const second = lineOf('areas-2025.json', '"Phường Hai"')
  change('areas-2025.json', '"Phường Hai"', '"Phường Một"')
  expect(found()).toEqual([
    `cities/example/areas-2025.json:${second}: two areas are called Phường Một (line ${first})`,
  ])
})

test('a unit without an area', () => {
  const unit = {
    ...{ id: 'xa-bon', address: null, phone: null, hours_vi: null, hours_en: null },
    ...{ latitude: null, longitude: null, source: 'https://example.vn', checked_on: '2026-11-28' },
  }
  change('areas-2025.json', '"units": []', `"units": [\n${JSON.stringify(unit)}]`)
  expect(found()).toEqual([
    `cities/example/areas-2025.json:${lineOf('areas-2025.json', 'xa-bon')}: a unit is of no area: xa-bon`,
  ])
})

test('an agency that is missing, where a tile, the example and the demo name it', () => {
  change('agencies-2025.json', '"id": "phuong-mot"', '"id": "phuong-khac"')
  writeFileSync(file('demo.json'), '{\n  "levels": {\n    "phuong-mot": 0.5\n  }\n}\n')
  expect(found()).toEqual([
    `cities/example/city.json:${lineOf('city.json', '["phuong-mot"')}: a tile is of no agency: phuong-mot`,
    `cities/example/city.json:${lineOf('city.json', '"example"')}: phuong-mot is no agency`,
    'cities/example/demo.json:3: phuong-mot is no agency',
  ])
})

test('a lineage that is a circle, or leads nowhere', () => {
  const former = (id: string, to: string) =>
    JSON.stringify({
      id,
      name_vi: id,
      name_en: id,
      kind: 'department',
      abbreviation: null,
      to: [to],
      basis: 'x',
    })
  const list = [former('so-a', 'so-b'), former('so-b', 'so-a'), former('so-c', 'so-d')].join(',\n')
  change('agencies-2025.json', '"agencies": [', `"former": [\n${list}\n],\n"agencies": [`)
  const [a, b, c] = ['so-a', 'so-b', 'so-c'].map((id) => lineOf('agencies-2025.json', `{"id":"${id}"`))
  expect(found()).toEqual([
    `cities/example/agencies-2025.json:${c}: so-c leads to so-d, which is no agency`,
    `cities/example/agencies-2025.json:${a}: so-a comes from itself: its lineage is a circle`,
    `cities/example/agencies-2025.json:${b}: so-b comes from itself: its lineage is a circle`,
  ])
})

test('a later edition with an origin that is no agency', () => {
  const edition = {
    ...{
      edition: '2030',
      valid_from: '2030-01-01',
      legal_basis: { units: 'x', departments: 'x' },
      former: [],
    },
    units: [
      { id: 'phuong-bon', name_vi: 'Phường Bốn', kind: 'ward', predecessors: ['phuong-mot', 'phuong-nam'] },
    ],
    departments: [],
  }
  writeFileSync(file('agencies-2030.json'), JSON.stringify(edition, null, 2))
  expect(found()).toEqual([
    `cities/example/agencies-2030.json:${lineOf('agencies-2030.json', 'phuong-nam')}: phuong-bon has phuong-nam before it, which is no agency`,
  ])
})

test('an unknown carrier', () => {
  writeFileSync(
    file('carriers.json'),
    '[\n  { "id": "viettel", "name": "Viettel", "hotlines": ["198"] },\n  { "id": "itel", "name": "iTel", "hotlines": [] }\n]\n',
  )
  expect(found()).toEqual([
    expect.stringMatching(
      /^cities\/example\/carriers\.json:3: no carrier is called itel: there are viettel, /,
    ),
  ])
})

test('holidays of next year that are missing', () => {
  const days = [{ date: '2026-02-17', name: 'tet', basis: 'law' }]
  writeFileSync(file('holidays.json'), JSON.stringify({ days }))
  expect(found()).toEqual(['cities/example/holidays.json:1: the holidays of 2027 are missing: it has no Tết'])
})

test('a prefix that another city has, and a setting that is no variable', () => {
  change('city.json', '"SAM"', '"HCM"')
  change('city.json', '"CITY_HOTLINE": "1022"', '"CITY_HOTLINE": "call us", "HOTLINE": "1"')
  const line = lineOf('city.json', 'HOTLINE')
  expect(found()).toEqual([
    `cities/example/city.json:${lineOf('city.json', '"HCM"')}: HCM begins the case numbers of hcm too`,
    `cities/example/city.json:${line}: CITY_HOTLINE: must be a number as it is dialled: 1022`,
    `cities/example/city.json:${line}: HOTLINE is no variable`,
  ])
})

test('a word that is no JSON, and one that is of no kind there', () => {
  change('areas-2025.json', '"kind": "commune"', '"kind": "village"')
  const line = lineOf('areas-2025.json', 'village')
  expect(found()).toContainEqual(
    expect.stringMatching(`^cities/example/areas-2025.json:${line}: areas.2.kind: `),
  )
  change('areas-2025.json', '"areas": [', '"areas": [,')
  expect(found()).toContainEqual(expect.stringMatching(/^cities\/example\/areas-2025\.json:\d+: is no JSON/))
})
