import { z } from 'zod'
import { CITY, editionsOf, readFile } from '#cities/city.ts'
import { areaEditionSchema } from '#features/areas/rules.ts'

const id = z.string()
const weights = z.array(z.tuple([id, z.number().positive()]))
const ofAgencies = z.record(id, z.number().min(0)).default({})

/** The schema of `demo.json`, the subject of a city's demo. All of it is optional. */
export const demoSchema = z.strictObject({
  /** A second area whose police have a demo account, besides the city's example. */
  second: id.optional(),
  /** The first three digits of the identity numbers of people from the city. */
  national_id: z
    .string()
    .regex(/^0\d\d$/)
    .default('001'),
  /** The areas by how often phones are taken there, most first. */
  areas: weights.default([]),
  /** Places by area, and streets of the city. */
  places: z.record(id, z.array(z.string()).min(1)).default({}),
  streets: z.array(z.string()).min(1).default(['Lê Lợi', 'Trần Hưng Đạo', 'Nguyễn Trãi']),
  /**
   * The number of public groups of ten answers per agency (default three to six), and of answers still waiting for a
   * group.
   */
  tens: ofAgencies,
  waiting: ofAgencies,
  /** The satisfaction with an agency, from 0 to 1 (default between 0.66 and 0.86). */
  levels: ofAgencies,
})

export const DEMO = demoSchema.parse(readFile('demo.json') ?? {})

const areas = areaEditionSchema.parse(readFile(`areas-${editionsOf('areas')[0]}.json`)).areas

export const WEIGHED: readonly (readonly [string, number])[] =
  DEMO.areas.length > 0 ? DEMO.areas : areas.map(({ id }) => [id, 1])

/** The area and agency at the centre of the demo, and a second area with an officer. */
export const MAIN = CITY.example
export const SECOND = DEMO.second ?? areas.find(({ id }) => id !== MAIN)?.id ?? MAIN

/** Returns the `n`th area by number of taken phones; starts over in a small city. */
export const areaAt = (n: number): string => WEIGHED[n % WEIGHED.length]?.[0] ?? MAIN
