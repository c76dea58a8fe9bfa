import { z } from 'zod'

const text = z.string().trim().min(1)
const names = z.strictObject({ vi: text, en: text })
const day = z.iso.date()

/** The maximum size of a map of tiles: the classes of `features/results/map/tile-map.tsx`. */
const [COLUMNS, ROWS] = [6, 7]

/**
 * The schema of `city.json`: a city's names and own values. Its areas, agencies and the texts of its demo are separate
 * files, each with a schema in the feature that reads it.
 */
export const citySchema = z.strictObject({
  name: names,
  /** The names with which its police and its People's Committee sign. */
  police: names,
  committee: names,
  /** The contact for people whose answers are not counted, unless SURVEY_CONTACT names another. */
  survey_contact: names,
  /** The first letters of each case's number. Without I, L, O and U, which are read as digits; never change it. */
  number_prefix: z
    .string()
    .regex(/^[A-HJKMNP-TV-Z]{3}$/, 'must be three letters, none of them I, L, O or U')
    .refine((prefix) => !prefix.startsWith('DG'), 'DG begins the receipts of the survey'),
  /** Words for the city at the end of an address, in lower case without diacritics: `tp hcm` is `hcm`. */
  also: z.array(z.string().regex(/^[a-z]+( [a-z]+)*$/, 'must be small letters without diacritics')),
  /** Names of its places that masking does not take for a person's, besides the country's places that the product knows. */
  places: z.array(text).default([]),
  /** Defaults of the variables of the same name. */
  settings: z.record(z.string().regex(/^[A-Z][A-Z0-9_]+$/), text).default({}),
  /** The id of both an area and an agency, used in examples and for most of the demo. */
  example: text,
  /** The note on the page where an office is chosen: the source of the list of departments when no list was published. */
  departments_note: names.nullable().default(null),
  /** The hints of the report: a place as people describe it, and a search for an area, which may be a former name. */
  hints: z.strictObject({ place: names, search: names }),
  /** The agencies of the map, row by row, roughly as in the city; null is an empty tile. */
  tiles: z.array(z.array(text.nullable()).max(COLUMNS)).max(ROWS).default([]),
  /** The address and contact of the city's police; null if unknown. */
  unit: z.strictObject({
    address: text.nullable(),
    phone: text.nullable(),
    hours_vi: text.nullable(),
    hours_en: text.nullable(),
    latitude: z.number().nullable(),
    longitude: z.number().nullable(),
    source: text.nullable(),
    checked_on: day.nullable(),
  }),
})

const wards = <T extends z.ZodType>(heir: T) =>
  z.object({ districts: z.record(z.string(), z.record(z.string(), heir)).default({}) })
/** The wards of June 2025 by district, each with the areas that took it over. */
export const formerWardsSchema = wards(z.array(text))
/** Wards that were merged earlier, each with the ward of June 2025 that it belonged to. */
export const earlierWardsSchema = wards(text)

/**
 * The days off. `exchanged`: a working day given off and worked on a Saturday instead, by the year's announcement. `law`:
 * the date follows from the law and the calendar alone. `announced`: one of the choices that the law leaves to the
 * Government, as announced. `assumed`: not announced or not confirmed when it was written; check it against the
 * announcement, usually published by December of the year before. A day may have a `note` for its readers.
 */
export const holidaysSchema = z.object({
  days: z.array(
    z.object({
      date: day,
      name: z.enum([
        ...['new_year', 'tet', 'hung_kings', 'reunification', 'labour', 'national', 'culture'],
        'exchanged',
      ] as const),
      basis: z.enum(['law', 'announced', 'assumed']),
    }),
  ),
})

const named = { vi: z.string().min(1), en: z.string().min(1) }

const procedure = {
  field: z.string(),
  level: z.enum(['commune', 'district', 'province']),
  ...named,
}

/**
 * The procedures that a rating can name, in the shape of the national list; `level` names the agencies that perform them.
 * Each is known by its code or, if the code could not be verified, by a name of this portal's that cannot be mistaken for
 * a code.
 */
export const proceduresSchema = z.object({
  fields: z.record(z.string(), z.object(named)),
  procedures: z.array(
    z.union([
      z
        .strictObject({ code: z.string().regex(/^\d\.\d{6}$/), ...procedure })
        .transform((one) => ({ id: one.code, ...one })),
      z.strictObject({ id: z.string().regex(/^[a-z]+(-[a-z]+)+$/), code: z.null(), ...procedure }),
    ]),
  ),
})

/**
 * The carriers in their order, each with its published numbers for locking a SIM; short numbers may answer only from a
 * SIM of the same carrier. Operators check them before going live and once a quarter: a wrong number costs a robbed
 * person the first half hour.
 */
export const carriersSchema = z.array(
  z.strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]*$/),
    name: text,
    hotlines: z.array(z.string().regex(/^\d{3,13}$/)),
  }),
)
