import '#server-only'
import type { Tx } from '#platform/db.ts'
import { type Named, type PoliceArea, type PoliceUnit, places } from './repository.ts'
import type { UnitContact } from './rules/contact.ts'

export type { Named, Places, PoliceUnit } from './repository.ts'
export { editionInForce, places } from './repository.ts'

/** Returns the areas of the edition in force, in their usual order. */
export const policeAreas = async (): Promise<readonly PoliceArea[]> => (await places()).areas

/** Returns every area there ever was, by id: what a case's area is called. */
export const knownAreas = async (): Promise<ReadonlyMap<string, Named>> => (await places()).named

/** Returns every unit there ever was, by id. */
export const policeUnits = async (tx?: Tx): Promise<ReadonlyMap<string, PoliceUnit>> =>
  (await places(tx)).units

/** Returns the units of the edition in force that people can serve: the city's own people and its desks are in none. */
export const unitsInForce = async (): Promise<readonly PoliceUnit[]> =>
  [...(await places()).units.values()].filter(
    ({ kind, inForce }) => inForce && (kind === 'district' || kind === 'ward'),
  )

/**
 * Returns the unit that has a case, with how to find it. A desk of the city's police is found where they are: what is not
 * known of it is theirs.
 */
export async function unitOf(unitId: string, tx?: Tx): Promise<PoliceUnit | null> {
  const units = await policeUnits(tx)
  const unit = units.get(unitId)
  if (!unit) return null
  const parent = unit.kind === 'desk' ? units.get(unit.parentId ?? '') : undefined
  if (!parent) return unit
  const { address, phone, hours, position, source, checkedOn } = parent
  return { ...unit, address, phone, hours, position, source, checkedOn }
}

/** Returns every unit there ever was, in the usual order: what people of ended ones are named by. */
export const allUnits = async (): Promise<readonly PoliceUnit[]> => [...(await policeUnits()).values()]

/** Returns how people reach the unit that has a case, in their language; unknown ways are absent. */
export async function unitContact(unitId: string, locale: 'vi' | 'en'): Promise<Omit<UnitContact, 'name'>> {
  const unit = await unitOf(unitId)
  if (!unit) return {}
  const { address, phone, hours, position } = unit
  const at = position && `${position.latitude}/${position.longitude}`
  return {
    ...(address !== null && { address }),
    ...(phone !== null && { telephone: phone.replaceAll(' ', '') }),
    ...(hours !== null && { hours: hours[locale] }),
    ...(at && {
      mapUrl: `https://www.openstreetmap.org/?mlat=${position.latitude}&mlon=${position.longitude}#map=17/${at}`,
    }),
  }
}
