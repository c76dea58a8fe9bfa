import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { type Document, isNode, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { cityNames, editionsOf, pathOfFile, readFile } from '#cities/city.ts'
import {
  carriersSchema,
  citySchema,
  earlierWardsSchema,
  formerWardsSchema,
  holidaysSchema,
} from '#cities/schema.ts'
import { editionSchema, firstEditionSchema } from '#features/agencies/changes/edition-rules.ts'
import { areaEditionSchema } from '#features/areas/rules.ts'
import { bankFileSchema } from '#features/lookup-tables/rules.ts'
import { firstQuestionnaireSchema } from '#features/questionnaires/questions/rules.ts'
import { SCHEMA } from '#platform/env-schema.ts'
import { demoSchema } from '../demo-city/places.ts'

type Path = readonly (string | number)[]

/** Collects the faults in a city's files, each with its file and line: `areas-2025.json:12: …`. */
class Faults {
  readonly said: string[] = []
  readonly #files = new Map<string, { readonly text: Document; readonly lines: LineCounter }>()
  readonly #city: string
  constructor(city: string) {
    this.#city = city
  }

  /**
   * Parses a file by its schema. Returns null and reports the fault if that fails, or null if an optional file is
   * missing.
   */
  read<S extends z.ZodType>(file: string, schema: S, needed: boolean): z.output<S> | null {
    const path = pathOfFile(file, this.#city)
    if (path === null) {
      if (needed) this.said.push(`cities/${this.#city}/${file}: is missing`)
      return null
    }
    const lines = new LineCounter()
    const text = parseDocument(readFileSync(path, 'utf8'), { lineCounter: lines, schema: 'json' })
    this.#files.set(file, { text, lines })
    const [broken] = text.errors
    if (broken) {
      this.said.push(
        `${relative('.', path)}:${lines.linePos(broken.pos[0]).line}: is no JSON: ${broken.code}`,
      )
      return null
    }
    const parsed = schema.safeParse(text.toJS())
    for (const { path, message } of parsed.error?.issues ?? [])
      this.say(file, path as Path, `${path.join('.')}: ${message}`)
    return parsed.data ?? null
  }

  say(file: string, at: Path, what: string): void {
    const path = pathOfFile(file, this.#city)
    this.said.push(`${path === null ? file : relative('.', path)}:${this.#lineOf(file, at)}: ${what}`)
  }

  /** Reports each duplicate value of a list. */
  once(file: string, list: string, values: readonly string[], said: (value: string) => string, key: string) {
    const first = new Map<string, number>()
    for (const [at, value] of values.entries()) {
      const before = first.get(value)
      if (before === undefined) first.set(value, at)
      else this.say(file, [list, at, key], `${said(value)} (line ${this.#lineOf(file, [list, before, key])})`)
    }
  }

  /** Returns the line of a path, or of its nearest parent that exists. */
  #lineOf(file: string, at: Path): number {
    const { text, lines } = this.#files.get(file) ?? {}
    for (let length = at.length; length >= 0; length--) {
      const node = text?.getIn(at.slice(0, length), true)
      if (isNode(node) && node.range) return lines?.linePos(node.range[0]).line ?? 1
    }
    return 1
  }
}

/**
 * Returns all faults in a city's files, one line each; none if all is well.
 *
 * @param year the holidays of this year and of the next must be listed
 */
export function faultsOf(city: string, year: number): readonly string[] {
  const faults = new Faults(city)
  const own = faults.read('city.json', citySchema, true)
  const areas = areasOf(city, faults)
  const agencies = agenciesOf(city, faults)
  if (own) {
    checkOwn(city, own, faults)
    for (const [row, tiles] of own.tiles.entries())
      for (const [column, id] of tiles.entries()) {
        if (id !== null && !agencies.has(id))
          faults.say('city.json', ['tiles', row, column], `a tile is of no agency: ${id}`)
        if (id !== null && own.tiles.flat().indexOf(id) !== own.tiles.slice(0, row).flat().length + column)
          faults.say('city.json', ['tiles', row, column], `two tiles are of one agency: ${id}`)
      }
    for (const [known, what] of [
      [areas.first, 'area of the first edition'],
      [agencies, 'agency'],
    ] as const)
      if (!known.has(own.example)) faults.say('city.json', ['example'], `${own.example} is no ${what}`)
  }
  checkWards(areas.all, faults)
  checkDemo(areas.first, agencies, faults)
  checkCountry(year, faults)
  return faults.said
}

function checkOwn(city: string, own: z.output<typeof citySchema>, faults: Faults): void {
  for (const other of cityNames().filter((name) => name !== city)) {
    const { data } = citySchema.safeParse(readFile('city.json', other))
    if (data?.number_prefix === own.number_prefix)
      faults.say(
        'city.json',
        ['number_prefix'],
        `${own.number_prefix} begins the case numbers of ${other} too`,
      )
  }
  for (const [name, value] of Object.entries(own.settings)) {
    const schema = (SCHEMA.shape as Readonly<Record<string, z.ZodType | undefined>>)[name]
    const [issue] = schema?.safeParse(value).error?.issues ?? []
    if (!schema) faults.say('city.json', ['settings', name], `${name} is no variable`)
    else if (issue) faults.say('city.json', ['settings', name], `${name}: ${issue.message}`)
  }
}

function areasOf(city: string, faults: Faults) {
  const all = new Set<string>()
  const editions = editionsOf('areas', city)
  if (editions.length === 0) faults.said.push(`cities/${city}: has no areas-YEAR.json`)
  let first: ReadonlySet<string> | null = null
  for (const year of editions) {
    const file = `areas-${year}.json`
    const edition = faults.read(file, areaEditionSchema, true)
    const areas = edition?.areas ?? []
    if (edition && edition.edition !== year)
      faults.say(file, ['edition'], `its name says ${year}, it ${edition.edition}`)
    faults.once(
      file,
      'areas',
      areas.map(({ id }) => id),
      (id) => `two areas have the id ${id}`,
      'id',
    )
    faults.once(
      file,
      'areas',
      areas.map(({ name_vi }) => name_vi),
      (name) => `two areas are called ${name}`,
      'name_vi',
    )
    for (const [at, { id, drawn_from }] of areas.entries()) {
      for (const [n, from] of drawn_from.entries())
        if (!all.has(from))
          faults.say(
            file,
            ['areas', at, 'drawn_from', n],
            `${id} is drawn from ${from}, an area of no edition before`,
          )
    }
    const ids = new Set(areas.map(({ id }) => id))
    for (const [at, { id }] of (edition?.units ?? []).entries())
      if (!ids.has(id)) faults.say(file, ['units', at, 'id'], `a unit is of no area: ${id}`)
    first ??= ids
    for (const id of ids) all.add(id)
  }
  return { first: first ?? new Set<string>(), all }
}

/** Checks the editions of the catalogue, and returns the agencies of the first. */
function agenciesOf(city: string, faults: Faults): ReadonlySet<string> {
  const [year, ...later] = editionsOf('agencies', city)
  if (year === undefined) {
    faults.said.push(`cities/${city}: has no agencies-YEAR.json`)
    return new Set()
  }
  const file = `agencies-${year}.json`
  const first = faults.read(file, firstEditionSchema, true)
  const agencies = first?.agencies ?? []
  const former = first?.former ?? []
  const known = new Set([...agencies, ...former].map(({ id }) => id))
  for (const key of ['id', 'name_vi'] as const)
    faults.once(
      file,
      'agencies',
      agencies.map((one) => one[key]),
      (value) => `two agencies have ${key === 'id' ? 'the id' : 'the name'} ${value}`,
      key,
    )
  for (const [at, { id, to }] of former.entries())
    for (const [n, heir] of to.entries())
      if (!known.has(heir))
        faults.say(file, ['former', at, 'to', n], `${id} leads to ${heir}, which is no agency`)
  checkCycles(file, former, 'to', 'former', faults)
  for (const next of later) {
    const file = `agencies-${next}.json`
    const edition = faults.read(file, editionSchema, true)
    const origins = new Set([...known, ...(edition?.former ?? []).map(({ id }) => id)])
    for (const list of ['departments', 'units'] as const) {
      const named = edition?.[list] ?? []
      for (const [at, { id, predecessors }] of named.entries())
        for (const [n, origin] of predecessors.entries())
          if (typeof origin === 'string' && !origins.has(origin))
            faults.say(
              file,
              [list, at, 'predecessors', n],
              `${id} has ${origin} before it, which is no agency`,
            )
      checkCycles(file, named, 'predecessors', list, faults)
    }
  }
  return new Set(agencies.map(({ id }) => id))
}

/** Reports each agency that is its own ancestor or heir through others; an agency that continues under its id is no fault. */
function checkCycles<K extends 'to' | 'predecessors'>(
  file: string,
  agencies: readonly ({ readonly id: string } & { readonly [key in K]: readonly unknown[] })[],
  key: K,
  list: string,
  faults: Faults,
): void {
  const next = new Map(agencies.map((one) => [one.id, one[key].filter((id) => id !== one.id)]))
  for (const [at, { id }] of agencies.entries()) {
    const seen = new Set<unknown>()
    const queue = [...(next.get(id) ?? [])]
    for (let one = queue.pop(); one !== undefined && !seen.has(id); one = queue.pop()) {
      if (seen.has(one)) continue
      seen.add(one)
      queue.push(...(next.get(one as string) ?? []))
    }
    if (seen.has(id)) faults.say(file, [list, at, key], `${id} comes from itself: its lineage is a circle`)
  }
}

function checkWards(areas: ReadonlySet<string>, faults: Faults): void {
  const late = faults.read('former-wards.json', formerWardsSchema, false)?.districts ?? {}
  for (const [district, wards] of Object.entries(late))
    for (const [ward, heirs] of Object.entries(wards))
      for (const [n, heir] of heirs.entries())
        if (!areas.has(heir))
          faults.say(
            'former-wards.json',
            ['districts', district, ward, n],
            `${ward} leads to ${heir}, which is no area`,
          )
  const early = faults.read('earlier-wards.json', earlierWardsSchema, false)?.districts ?? {}
  for (const [district, wards] of Object.entries(early))
    for (const [ward, into] of Object.entries(wards))
      if (late[district]?.[into] === undefined)
        faults.say(
          'earlier-wards.json',
          ['districts', district, ward],
          `${ward} leads to ${into}, which is no ward of ${district}`,
        )
}

function checkDemo(areas: ReadonlySet<string>, agencies: ReadonlySet<string>, faults: Faults): void {
  const demo = faults.read('demo.json', demoSchema, false)
  if (demo === null) return
  if (demo.second !== undefined && !areas.has(demo.second))
    faults.say('demo.json', ['second'], `${demo.second} is no area`)
  for (const [at, [id]] of demo.areas.entries())
    if (!areas.has(id)) faults.say('demo.json', ['areas', at, 0], `${id} is no area`)
  for (const id of Object.keys(demo.places))
    if (!areas.has(id)) faults.say('demo.json', ['places', id], `${id} is no area`)
  for (const key of ['tens', 'waiting', 'levels'] as const)
    for (const id of Object.keys(demo[key]))
      if (!agencies.has(id)) faults.say('demo.json', [key, id], `${id} is no agency`)
}

/** Checks the files that a city may have instead of the country's: carriers, holidays, banks, questions. */
function checkCountry(year: number, faults: Faults): void {
  const known = new Set(carriersSchema.parse(readFile('carriers.json', '')).map(({ id }) => id))
  for (const [at, { id }] of (faults.read('carriers.json', carriersSchema, true) ?? []).entries())
    if (!known.has(id))
      faults.say(
        'carriers.json',
        [at, 'id'],
        `no carrier is called ${id}: there are ${[...known].join(', ')}`,
      )
  const days = faults.read('holidays.json', holidaysSchema, true)?.days ?? []
  for (const wanted of [year, year + 1])
    if (days.length > 0 && !days.some(({ date, name }) => name === 'tet' && date.startsWith(`${wanted}-`)))
      faults.say(
        'holidays.json',
        ['days', days.length - 1],
        `the holidays of ${wanted} are missing: it has no Tết`,
      )
  faults.read('banks.json', bankFileSchema, true)
  faults.read('questions.json', firstQuestionnaireSchema, true)
}
