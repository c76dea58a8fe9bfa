import { z } from 'zod'
import { CITY } from '#cities/city.ts'
import { KIND_NAMES, ownWords, placeWords } from './words-rules.ts'

/** Every ward, commune and township that 2025 replaced or that was merged before, with its district and its successors. */
export const FORMER_WARDS = [
  ...Object.entries(CITY.formerWards).flatMap(([district, wards]) =>
    Object.entries(wards).map(([nameVi, heirs]) => ({ nameVi, district, heirs })),
  ),
  ...Object.entries(CITY.earlierWards).flatMap(([district, wards]) =>
    Object.entries(wards).map(([nameVi, into]) => ({
      nameVi,
      district,
      heirs: CITY.formerWards[district]?.[into] ?? [],
    })),
  ),
]

/** Returns the areas that a text names with their kind (`phường Võ Thị Sáu`, `p.5`): the name alone is often a street's. */
export function areasNamed(text: string, areas: readonly { readonly id: string; readonly nameVi: string }[]) {
  const words = ` ${placeWords(text)} `
  return areas
    .filter(({ id, nameVi }) => {
      const names = [
        nameVi,
        ...FORMER_WARDS.flatMap((ward) => (ward.heirs.includes(id) ? [ward.nameVi] : [])),
      ]
      return names.some((name) => says(words, placeWords(name)))
    })
    .map(({ id }) => id)
}

/** Checks whether a text has a name after a kind of place. Wards and communes are often confused, so any kind but `quan` fits. */
const says = (text: string, name: string): boolean => {
  const own = ownWords(name)
  return own === name
    ? text.includes(` ${name} `)
    : KIND_NAMES.some((kind) => kind !== 'quan' && text.includes(` ${kind} ${own} `))
}

interface Names {
  readonly nameVi: string
  readonly nameEn: string
}

interface Offered extends Names {
  readonly id: string
  readonly drawnFrom: readonly Names[]
  readonly formerly: readonly string[]
}

/** Checks whether the areas of an edition are wards, drawn from districts by which people still know them. */
export const areWards = (areas: readonly Pick<Offered, 'drawnFrom' | 'formerly'>[]): boolean =>
  areas.some(({ drawnFrom, formerly }) => drawnFrom.length + formerly.length > 0)

interface AreaOption {
  readonly value: string
  readonly label: string
}

/** Returns the options of a list of areas: wards grouped by their former district, other areas in the given order. */
export function areaOptions(
  areas: readonly Offered[],
  locale: 'vi' | 'en',
): readonly (AreaOption | { readonly label: string; readonly options: readonly AreaOption[] })[] {
  const said = ({ nameVi, nameEn }: Names) => (locale === 'vi' ? nameVi : nameEn)
  const option = (area: Offered) => ({ value: area.id, label: said(area) })
  const around = ({ drawnFrom: [first], formerly: [name] }: Offered) => (first ? said(first) : (name ?? ''))
  if (!areWards(areas)) return areas.map(option)
  return [...Map.groupBy(areas, around)].map(([label, inside]) => ({ label, options: inside.map(option) }))
}

/** The areas of every edition, and those in force, for finding the answering unit. */
export interface AreaMap {
  /** The unit that answers for each area of the edition in force, by area. */
  readonly inForce: ReadonlyMap<string, string>
  /** The areas that each area leads to in any other edition, earlier or later. */
  readonly leadsTo: ReadonlyMap<string, readonly string[]>
  /** The areas that a unit of any edition answers for; for a desk, those whose cases it has. */
  readonly areasOf: ReadonlyMap<string, readonly string[]>
  /** The desks of the edition in force, by the ended area whose cases each has. */
  readonly desks: ReadonlyMap<string, string>
  readonly names: ReadonlyMap<string, string>
  readonly cityUnit: string
}

export interface Placed {
  readonly areaId: string
  /** Null for a case that is just being made. */
  readonly unitId: string | null
  readonly place: string | null
}

/** Returns the area itself if it is in force, or else the areas in force to which it leads. */
export function areasNow(map: AreaMap, areaId: string): readonly string[] {
  if (map.inForce.has(areaId)) return [areaId]
  return (map.leadsTo.get(areaId) ?? []).filter((id) => map.inForce.has(id))
}

/**
 * Returns the unit that answers for a case in the edition in force. For an area that was divided it is the unit of the
 * ward that the place names, if it names exactly one, and otherwise the city police's desk for that area. A case whose
 * unit never answered for its area goes where the areas of that unit lead.
 */
export function answeringUnit(map: AreaMap, { areaId, unitId, place }: Placed): string {
  const roots = (unitId === null ? null : map.areasOf.get(unitId)) ?? []
  const origins = roots.length === 0 || roots.includes(areaId) ? [areaId] : roots
  const areas = [...new Set(origins.flatMap((root) => areasNow(map, root)))]
  const own = areas.includes(areaId) ? map.inForce.get(areaId) : undefined
  if (own !== undefined) return own
  const units = unitsOf(map, areas)
  if (units.length === 1 && units[0] !== undefined) return units[0]
  const candidates = areas.map((id) => ({ id, nameVi: map.names.get(id) ?? id }))
  const named = unitsOf(map, areasNamed(place ?? '', candidates))
  if (named.length === 1 && named[0] !== undefined) return named[0]
  return origins.map((root) => map.desks.get(root)).find((desk) => desk !== undefined) ?? map.cityUnit
}

/** Returns the unit that takes over from a unit: the unit itself while it is in force. */
export const keepingUnit = (map: AreaMap, unitId: string): string =>
  answeringUnit(map, { areaId: map.areasOf.get(unitId)?.[0] ?? '', unitId, place: null })

const unitsOf = (map: AreaMap, areas: readonly string[]): readonly string[] => [
  ...new Set(areas.flatMap((id) => map.inForce.get(id) ?? [])),
]

/** How to reach the police unit of a case. Unknown ways are absent. */
export interface UnitContact {
  /** The name that people use: "Công an Quận 3". */
  readonly name: string
  readonly address?: string
  /** As dialled: digits only, with `+` before a country code. */
  readonly telephone?: string
  /** When the unit is open, in words. */
  readonly hours?: string
  /** A page that shows the place; without it the link searches for the address. */
  readonly mapUrl?: string
}

/** Returns a link to the unit on a map: our pages load nothing from a map service. Desktop browsers do not open `geo:`. */
export function mapLink({ address, mapUrl }: UnitContact): string | null {
  if (mapUrl?.startsWith('https://')) return mapUrl
  if (!address) return null
  return `https://www.openstreetmap.org/search?query=${encodeURIComponent(`${address}, ${CITY.name.vi}`)}`
}

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,79}$/)
const text = z.string().min(1)
const day = z.string().regex(/^\d{4}-\d\d-\d\d$/)

/** The police of the whole city: the parent of every unit, in every edition. */
export const CITY_UNIT = 'cong-an-thanh-pho'

/** The facts by which people find a unit. An unknown one is null, and the city's hotline is shown instead. */
const unitFactsSchema = z.object({
  id,
  address: text.nullable(),
  /** As dialled in Viet Nam, or in E.164. */
  phone: z
    .string()
    .regex(/^\+?[0-9 ]{3,20}$/)
    .nullable(),
  hours_vi: text.nullable(),
  hours_en: text.nullable(),
  latitude: z.number().min(8).max(24).nullable(),
  longitude: z.number().min(102).max(115).nullable(),
  /** The publication, and the day on which it was consulted. */
  source: text,
  checked_on: day,
})

/** The file of an edition: areas in the order of lists, each with its own unit. */
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
      /** The areas of the previous edition from which it was drawn. */
      drawn_from: z.array(id),
      /** The districts in no edition from which it was drawn. */
      formerly: z.array(text),
    }),
  ),
  units: z.array(unitFactsSchema),
})
export type AreaEdition = z.output<typeof areaEditionSchema>

/** Returns the id of the desk that has, in an edition, those cases of an ended area for which no unit can be named. */
export const deskOf = (areaId: string): string => `dau-moi-${areaId}`
