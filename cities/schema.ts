import { z } from 'zod'

const text = z.string().trim().min(1)
/** A name as both languages write it. */
const names = z.strictObject({ vi: text, en: text })
const day = z.iso.date()

/** The most columns and rows of a map of tiles: the classes of `features/results/map/tile-map.tsx`. */
const [COLUMNS, ROWS] = [6, 7]

/**
 * Reads `city.json`: what a city is called and how its own things look. Its areas, agencies and the words of its demo are
 * files beside it, each with the schema of the feature that reads it.
 */
export const citySchema = z.strictObject({
  name: names,
  /** Its police and its People's Committee, as they sign. */
  police: names,
  committee: names,
  /** Names the contact for people whose answers are not counted, unless SURVEY_CONTACT names another. */
  survey_contact: names,
  /** Begins each case's number. Without I, L, O and U, which are read as figures, and never to be changed. */
  number_prefix: z
    .string()
    .regex(/^[A-HJKMNP-TV-Z]{3}$/, 'must be three letters, none of them I, L, O or U')
    .refine((prefix) => !prefix.startsWith('DG'), 'DG begins the receipts of the survey'),
  /** Lists the words that people write for the city at the end of an address, without diacritics: `tp hcm` is `hcm`. */
  also: z.array(z.string().regex(/^[a-z]+( [a-z]+)*$/, 'must be small letters without diacritics')),
  /** Names of its places that no masking takes for a person's, beside those that the product knows of the country. */
  places: z.array(text).default([]),
  /** Stands for the variables of the same name where the environment says nothing. */
  settings: z.record(z.string().regex(/^[A-Z][A-Z0-9_]+$/), text).default({}),
  /** The area and the agency, of one id, that examples name and that most of the demo is about. */
  example: text,
  /** Says on the page where an office is chosen what the list of departments stands on, where no published list was at hand. */
  departments_note: names.nullable().default(null),
  /** Stands in the hints of the report: a place as people describe it, and what they type to find an area, former names too. */
  hints: z.strictObject({ place: names, search: names }),
  /** The agencies of the map, row by row, roughly as on the city's own; null is nothing there. */
  tiles: z.array(z.array(text.nullable()).max(COLUMNS)).max(ROWS).default([]),
  /** Says where the city's police are found: null where it is not known. */
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
/** Wards that were joined to another before that, which is named. */
export const earlierWardsSchema = wards(text)

/**
 * The days off. `exchanged`: a working day given off, worked on a Saturday instead, by the year's announcement. `law`: the date
 * follows from the law and the calendar alone. `announced`: one of the choices that the law leaves to the Government, as
 * announced. `assumed`: not announced or not confirmed when it was written; check it against the announcement, usually
 * published by December of the year before. A day may have a `note` for its readers.
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
 * The procedures that a rating can name, in the shape of the national list; `level` says which agencies do them. Each goes by its
 * code, or, where that could not be checked, by a name of this portal's, which nobody takes for a code.
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
 * The carriers in their order, each with the numbers on which it locks a SIM, as it publishes them; the short ones may answer only from
 * a SIM of its own. Operators check them before going live and once a quarter: a wrong number costs a robbed person the first half hour.
 */
export const carriersSchema = z.array(
  z.strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]*$/),
    name: text,
    hotlines: z.array(z.string().regex(/^\d{3,13}$/)),
  }),
)
