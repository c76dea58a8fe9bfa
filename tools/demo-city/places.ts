import { z } from 'zod'
import { CITY, editionsOf, readFile } from '#cities/city.ts'
import { areaEditionSchema } from '#features/areas/rules.ts'

const id = z.string()
const weights = z.array(z.tuple([id, z.number().positive()]))
const ofAgencies = z.record(id, z.number().min(0)).default({})

/** Reads `demo.json`: what a city's demo is about. All of it may be left out. */
export const demoSchema = z.strictObject({
  /** The area whose police are a person of the demo beside those of the city's example. */
  second: id.optional(),
  /** The first three figures of the identity cards of people from there. */
  national_id: z
    .string()
    .regex(/^0\d\d$/)
    .default('001'),
  /** The areas by how often phones are taken there, most first. */
  areas: weights.default([]),
  /** Places by area, and streets of the city. */
  places: z.record(id, z.array(z.string()).min(1)).default({}),
  streets: z.array(z.string()).min(1).default(['Lê Lợi', 'Trần Hưng Đạo', 'Nguyễn Trãi']),
  /** The public tens of answers of an agency (else three to six), and the answers that wait until they are ten. */
  tens: ofAgencies,
  waiting: ofAgencies,
  /** How satisfied people are with an agency, from 0 to 1 (else between 0.66 and 0.86). */
  levels: ofAgencies,
})

export const DEMO = demoSchema.parse(readFile('demo.json') ?? {})

const areas = areaEditionSchema.parse(readFile(`areas-${editionsOf('areas')[0]}.json`)).areas

/** The areas with their weights, most first. */
export const WEIGHED: readonly (readonly [string, number])[] =
  DEMO.areas.length > 0 ? DEMO.areas : areas.map(({ id }) => [id, 1])

/** The area, and the agency, that most of the demo is about; and another that has an officer. */
export const MAIN = CITY.example
export const SECOND = DEMO.second ?? areas.find(({ id }) => id !== MAIN)?.id ?? MAIN

/** Returns one of the areas, counted from the one where most is taken; a small city begins anew. */
export const areaAt = (n: number): string => WEIGHED[n % WEIGHED.length]?.[0] ?? MAIN
