import '#server-only'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  carriersSchema,
  citySchema,
  earlierWardsSchema,
  formerWardsSchema,
  holidaysSchema,
  proceduresSchema,
} from './schema.ts'

const FOLDER = join(/* turbopackIgnore: true */ process.cwd(), 'cities')
/** Holds what every city of the country has alike; a file of this name in a city's own folder takes its place. */
const COUNTRY = 'viet-nam'

/** Names the cities that there are: folders with a `city.json`. */
export const cityNames = (): string[] =>
  readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, 'city.json')))

/** The city of this process. */
export const CITY_NAME = process.env.CITY || 'hcm'
if (!cityNames().includes(CITY_NAME))
  throw new Error(`CITY: there is no cities/${CITY_NAME}/city.json (there are: ${cityNames().join(', ')})`)

/** Returns the path of a city's file, or of the country's where it has none of its own; null where neither is there. */
export const pathOfFile = (file: string, city = CITY_NAME): string | null =>
  [city, COUNTRY].map((folder) => join(FOLDER, folder, file)).find((path) => existsSync(path)) ?? null

/** Returns what a city's file holds, unread by any schema; null where there is none. */
export function readFile(file: string, city = CITY_NAME): unknown {
  const path = pathOfFile(file, city)
  return path === null ? null : JSON.parse(readFileSync(path, 'utf8'))
}

/** Lists the editions, which are years, that a city has files of: `areas-2016.json`; the earliest first. */
export const editionsOf = (sort: 'areas' | 'agencies', city = CITY_NAME): readonly string[] =>
  readdirSync(join(FOLDER, city))
    .flatMap((file) => new RegExp(`^${sort}-(\\d{4})\\.json$`).exec(file)?.[1] ?? [])
    .toSorted()

const { settings, ...own } = citySchema.parse(readFile('city.json'))

/** Holds what the city of this process is called and has of its own, read once. */
export const CITY = {
  ...own,
  settings: { ...citySchema.shape.settings.parse(readFile('settings.json')), ...settings },
  formerWards: formerWardsSchema.parse(readFile('former-wards.json') ?? {}).districts,
  earlierWards: earlierWardsSchema.parse(readFile('earlier-wards.json') ?? {}).districts,
  carriers: carriersSchema.parse(readFile('carriers.json')),
  procedures: proceduresSchema.parse(readFile('procedures.json')),
  holidays: holidaysSchema.parse(readFile('holidays.json')).days,
}
