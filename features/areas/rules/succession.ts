import { areasNamed } from './places.ts'

/** The areas of every edition and which of them are in force: what the answering unit is found by. */
export interface AreaMap {
  /** The unit that answers for each area of the edition in force, by area. */
  readonly inForce: ReadonlyMap<string, string>
  /** The areas that each area leads to in any other edition, earlier or later. */
  readonly leadsTo: ReadonlyMap<string, readonly string[]>
  /** The areas that a unit of any edition answers for, or, of a desk, those whose cases it has. */
  readonly areasOf: ReadonlyMap<string, readonly string[]>
  /** The desks of the edition in force, by the ended area whose cases each has. */
  readonly desks: ReadonlyMap<string, string>
  /** The names of areas. */
  readonly names: ReadonlyMap<string, string>
  readonly cityUnit: string
}

/** Holds the area of a case, the unit that has it, and its reporter's words about the place. */
export interface Placed {
  readonly areaId: string
  /** Null of a case that is only made. */
  readonly unitId: string | null
  readonly place: string | null
}

/** Returns the areas in force that an area is or leads to. */
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

/** Returns the unit that keeps what a unit had: itself while it is in force. */
export const keepingUnit = (map: AreaMap, unitId: string): string =>
  answeringUnit(map, { areaId: map.areasOf.get(unitId)?.[0] ?? '', unitId, place: null })

const unitsOf = (map: AreaMap, areas: readonly string[]): readonly string[] => [
  ...new Set(areas.flatMap((id) => map.inForce.get(id) ?? [])),
]
