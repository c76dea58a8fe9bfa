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
/** Files shared by all cities of the country; a file of the same name in a city's own folder replaces it. */
const COUNTRY = 'viet-nam'

export const cityNames = (): string[] =>
  readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, 'city.json')))

export const CITY_NAME = process.env.CITY || 'hcm'
if (!cityNames().includes(CITY_NAME))
  throw new Error(`CITY: there is no cities/${CITY_NAME}/city.json (there are: ${cityNames().join(', ')})`)

/** Returns the path of a city's file, or of the country's if the city has none; null if neither exists. */
export const pathOfFile = (file: string, city = CITY_NAME): string | null =>
  [city, COUNTRY].map((folder) => join(FOLDER, folder, file)).find((path) => existsSync(path)) ?? null

/** Returns the content of a city's file, not validated by a schema; null if it does not exist. */
export function readFile(file: string, city = CITY_NAME): unknown {
  const path = pathOfFile(file, city)
  return path === null ? null : JSON.parse(readFileSync(path, 'utf8'))
}

/** Returns the editions (years) of a city's files, such as `areas-2016.json`; earliest first. */
export const editionsOf = (sort: 'areas' | 'agencies', city = CITY_NAME): readonly string[] =>
  readdirSync(join(FOLDER, city))
    .flatMap((file) => new RegExp(`^${sort}-(\\d{4})\\.json$`).exec(file)?.[1] ?? [])
    .toSorted()

const { settings, ...own } = citySchema.parse(readFile('city.json'))

/** The names and own values of this process's city, read once. */
export const CITY = {
  ...own,
  settings: { ...citySchema.shape.settings.parse(readFile('settings.json')), ...settings },
  formerWards: formerWardsSchema.parse(readFile('former-wards.json') ?? {}).districts,
  earlierWards: earlierWardsSchema.parse(readFile('earlier-wards.json') ?? {}).districts,
  carriers: carriersSchema.parse(readFile('carriers.json')),
  procedures: proceduresSchema.parse(readFile('procedures.json')),
  holidays: holidaysSchema.parse(readFile('holidays.json')).days,
}
