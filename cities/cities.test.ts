import { globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { areaEditionSchema } from '#features/areas/rules.ts'
import { foldDiacritics } from '#lib/text-normalization.ts'
import { cityNames, editionsOf, readFile } from './city.ts'
import { citySchema, formerWardsSchema } from './schema.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.resetModules()
})

/** Loads a module as a process of that city would. */
async function as<M>(city: string, load: () => Promise<M>): Promise<M> {
  vi.stubEnv('CITY', city)
  vi.resetModules()
  return load()
}

test.each(cityNames())('nothing is wrong with %s', async (city) => {
  const { faultsOf } = await import('../tools/city/faults.ts')
  expect(faultsOf(city, 2026)).toEqual([])
})

test('a city that is not there is refused with those that are', async () => {
  const load = () => as('nowhere', () => import('./city.ts'))
  await expect(load()).rejects.toThrow(
    'there is no cities/nowhere/city.json (there are: da-nang, example, hcm)',
  )
})

describe('in Da Nang', () => {
  const rules = () =>
    as('da-nang', async () => ({
      ...(await import('./city.ts')),
      ...(await import('#features/areas/finder-rules.ts')),
      ...(await import('#features/areas/rules.ts')),
      ...(await import('#features/agencies/changes/edition-rules.ts')),
      ...(await import('#features/agencies/search-rules.ts')),
      ...(await import('#features/cases/numbers/rules.ts')),
      ...(await import('#features/results/map/rules.ts')),
    }))
  type Rules = Awaited<ReturnType<typeof rules>>
  const areasBy = ({ areaEditionSchema }: Rules) =>
    areaEditionSchema.parse(readFile('areas-2025.json', 'da-nang')).areas
  function gazetteer(of: Rules) {
    const areas = areasBy(of).map(({ id, name_vi, name_en, formerly }) => ({
      ...{ id, nameVi: name_vi, nameEn: name_en, formerly },
    }))
    const ids = new Map(areas.map(({ id }) => [id, id]))
    const map = {
      ...{ inForce: ids, leadsTo: new Map(), desks: new Map(), cityUnit: of.CITY_UNIT },
      areasOf: new Map(areas.map(({ id }) => [id, [id]])),
      names: new Map(areas.map(({ id, nameVi }) => [id, nameVi])),
    }
    return { areas, map }
  }

  test('there are 23 wards, 70 communes and the special zone', async () => {
    const kinds = Map.groupBy(areasBy(await rules()), ({ kind }) => kind)
    expect([...kinds].map(([kind, some]) => [kind, some.length]).toSorted()).toEqual([
      ['commune', 70],
      ['special_zone', 1],
      ['ward', 23],
    ])
  })

  test('every area is found by its own name, and every former ward leads to those that took it over', async () => {
    const of = await rules()
    const places = gazetteer(of)
    for (const { id, nameVi } of places.areas)
      expect(of.findAreas(`${nameVi}, TP Đà Nẵng`, places), nameVi).toContain(id)
    for (const typed of of.CITY.hints.search.vi.split(', '))
      expect(of.findAreas(typed, places), typed).not.toEqual([])
    expect(of.FORMER_WARDS.length).toBeGreaterThan(250)
    for (const { nameVi, district, heirs } of of.FORMER_WARDS)
      expect(of.findAreas(`${nameVi}, ${district.split(',')[0]}`, places), nameVi).toEqual(
        expect.arrayContaining([...heirs]),
      )
  })

  test('an agency is found with the city behind it, and each tile of the map is one', async () => {
    const of = await rules()
    const { agencies } = of.firstEditionSchema.parse(
      readFile(`agencies-${editionsOf('agencies', 'da-nang')[0]}.json`, 'da-nang'),
    )
    const all = agencies.map(({ id, name_vi, name_en, kind, abbreviation, areas }) => ({
      ...{ id, nameVi: name_vi, nameEn: name_en, kind, abbreviation, areas },
    }))
    for (const { id, nameVi } of all)
      expect(
        of.searchAgencies(all, `${nameVi}, Đà Nẵng`).map((one) => one.id),
        nameVi,
      ).toContain(id)
    expect(of.agenciesOnMap(all)).toHaveLength(of.TILES.length)
    expect(of.searchAgencies(all, of.searchExample()).map(({ id }) => id)).toContain(of.CITY.example)
  })

  test('case numbers are its own', async () => {
    const of = await rules()
    const number = of.newCaseNumber((length) => new Uint8Array(length).fill(7))
    expect(number).toMatch(/^DNG-/)
    expect(of.parseCaseNumber(number.toLowerCase().replaceAll('-', ''))).toEqual({ ok: true, value: number })
    expect(of.parseCaseNumber('HCM-7K3Q-9XWD-4').ok).toBe(false)
  })
})

/** A city's names and the ids of its first areas: words allowed only in its own files. */
const SAID_OF_ONE = cityNames()
  .filter((city) => city !== 'example')
  .flatMap((city) => {
    const { name, number_prefix } = citySchema.parse(readFile('city.json', city))
    const own = name.vi.replace('Thành phố ', '')
    const { areas } = areaEditionSchema.parse(readFile(`areas-${editionsOf('areas', city)[0]}.json`, city))
    const ids = areas.flatMap(({ id }) => [`'${id}'`, `"${id}"`])
    return [own, own.toLocaleUpperCase('vi'), name.en, `${number_prefix}-`, ...ids]
  })
/** Names of each city's areas and former wards with two words or more, without their kind. */
const PLACES = cityNames()
  .flatMap((city) => [
    ...editionsOf('areas', city).flatMap((year) =>
      areaEditionSchema.parse(readFile(`areas-${year}.json`, city)).areas.map(({ name_vi }) => name_vi),
    ),
    ...Object.values(formerWardsSchema.parse(readFile('former-wards.json', city) ?? {}).districts).flatMap(
      Object.keys,
    ),
  ])
  .map((name) => name.replace(/^(Phường|Xã|Thị trấn|Đặc khu|Huyện) /, ''))
  .filter((name) => name.includes(' '))
const anyOf = (names: readonly string[]) =>
  new RegExp(`(?<![\\p{L}-])(${names.join('|')})(?![\\p{L}-])`, 'giu')
const WRITTEN = anyOf(PLACES)
/** Matches such a name as typed without diacritics, and a numbered district. */
const TYPED = anyOf(['q ?\\d{1,2}', ...PLACES.map(foldDiacritics)])
/** Ordinary words that are also the name of a ward. */
const WORDS = ['an lập']

/** The masking of comments knows places of the whole country, because a comment in one city may name another. */
const OF_COUNTRY = /^features\/ratings\/masking\//

test('no word of one city stands in the code, the messages or the database', () => {
  const files = globSync(
    '{app,components,features,http,lib,messages,platform,scripts,tools,public,prisma/{functions,models,seed}}/**/*.{ts,tsx,json,sql,prisma,css,webmanifest}',
    { withFileTypes: true },
  ).filter((file) => file.isFile() && !/\.test\.tsx?$/.test(file.name))
  expect(files.length).toBeGreaterThan(1_000)
  const said = files.flatMap((file) => {
    const path = relative('.', join(file.parentPath, file.name))
    if (OF_COUNTRY.test(path)) return []
    const text = readFileSync(path, 'utf8')
    return [...SAID_OF_ONE, 'Asia/'].filter((word) => text.includes(word)).map((word) => `${path}: ${word}`)
  })
  // The time zone is the country's, in one constant. A function of the database cannot read that constant.
  expect(said.toSorted()).toEqual([
    'lib/time.ts: Asia/',
    'prisma/functions/count_sightings.sql: Asia/',
    'prisma/functions/record_answer.sql: Asia/',
  ])
})

test('no message, and nothing of the tools around the product, names a place of one city', () => {
  const files = globSync(['messages/{vi,en}/*.json', 'tools/**/*.ts'], { exclude: ['**/*.test.ts'] })
  const said = files.flatMap((path) => {
    const text = readFileSync(path, 'utf8')
    const typed = path.startsWith('messages/') ? text.matchAll(TYPED) : []
    return [...text.matchAll(WRITTEN), ...typed].flatMap(([name]) =>
      WORDS.includes(name) ? [] : [`${path}: ${name}`],
    )
  })
  expect(said).toEqual([])
})
