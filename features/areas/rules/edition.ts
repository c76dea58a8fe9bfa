import { z } from 'zod'

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,79}$/)
const text = z.string().min(1)
const day = z.string().regex(/^\d{4}-\d\d-\d\d$/)

/** The police of the whole city: the parent of every unit, in every edition. */
export const CITY_UNIT = 'cong-an-thanh-pho'

/** The facts by which people find a unit; null where one is unknown, and the city's hotline is shown in its place. */
export const unitFactsSchema = z.object({
  id,
  address: text.nullable(),
  /** As it is dialled in Viet Nam, or in E.164. */
  phone: z
    .string()
    .regex(/^\+?[0-9 ]{3,20}$/)
    .nullable(),
  hours_vi: text.nullable(),
  hours_en: text.nullable(),
  latitude: z.number().min(8).max(24).nullable(),
  longitude: z.number().min(102).max(115).nullable(),
  /** Names the publication, and the day on which it was looked up. */
  source: text,
  checked_on: day,
})

/** An edition as its file has it: areas in the order in which lists show them, each with a unit of its own. */
export const areaEditionSchema = z.object({
  edition: z.string().regex(/^\d{4}$/),
  valid_from: day,
  legal_basis: text,
  areas: z.array(
    z.object({
      id,
      name_vi: text,
      name_en: text,
      kind: z.enum(['district', 'ward', 'commune', 'special_zone']),
      /** Areas of the edition before it that it was drawn from. */
      drawn_from: z.array(id),
      /** Districts that it was drawn from and that are areas of no edition. */
      formerly: z.array(text),
    }),
  ),
  units: z.array(unitFactsSchema),
})
export type AreaEdition = z.output<typeof areaEditionSchema>

/**
 * Returns the id of the desk that has, in an edition, the cases of an ended area that no unit can be named for.
 */
export const deskOf = (areaId: string): string => `dau-moi-${areaId}`
