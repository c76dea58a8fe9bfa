import { type Agency, type AgencyName, englishName } from './agency.ts'
import wards from './former-wards.json' with { type: 'json' }
import { type AgencyVersion, type Catalogue, openOn, successorsOn } from './lineage.ts'

/** A name that is no agency's today, and the agencies of today that it leads to. */
export interface FormerName<A extends Agency = Agency> extends AgencyName {
  /** `ward`: a ward that existed until July 2025, which was never rated itself. */
  readonly why: 'ended' | 'renamed' | 'ward'
  /** The agency that ended or was renamed; null for a ward. */
  readonly id: string | null
  readonly abbreviation: string | null
  /** The district that a ward was in, by name; null for anything else. */
  readonly district: string | null
  /** The first local date on which it was no agency's name; null for a ward. */
  readonly on: string | null
  /** Empty where an agency was abolished. */
  readonly now: readonly A[]
}

/**
 * Returns every former name on a day: names of agencies that have ended, earlier names of agencies that continue, and
 * the wards that existed until July 2025. A ward leads to the unit that took it over or, until that unit is open, to
 * its district.
 */
export function formerNames(catalogue: Catalogue, today: string): readonly FormerName<AgencyVersion>[] {
  const open = openOn(catalogue, today)
  const openById = new Map(open.map((version) => [version.id, version]))
  const openByName = new Map(open.map((version) => [version.nameVi, version]))
  const versions = catalogue.versions.flatMap((version): FormerName<AgencyVersion>[] => {
    const { id, nameVi, nameEn, abbreviation, validTo: on } = version
    if (on === null || on > today || openByName.get(nameVi)?.id === id) return []
    const goesOn = openById.has(id)
    const now = goesOn ? open.filter((one) => one.id === id) : successorsOn(catalogue, id, today)
    return [{ why: goesOn ? 'renamed' : 'ended', id, nameVi, nameEn, abbreviation, district: null, on, now }]
  })
  const places = Object.entries<Readonly<Record<string, readonly string[]>>>(wards.districts).flatMap(
    ([district, inside]) =>
      Object.entries(inside).map(([nameVi, units]): FormerName<AgencyVersion> => {
        const heirs = units.flatMap((id) => openById.get(id) ?? [])
        const whole = openByName.get(district)
        return {
          why: 'ward',
          id: null,
          nameVi,
          nameEn: englishName(nameVi),
          abbreviation: null,
          district,
          on: null,
          now: heirs.length > 0 || whole === undefined ? heirs : [whole],
        }
      }),
  )
  // A change may leave the name as it was: each name of an agency is listed once, with its last day.
  const last = new Map(versions.map((one) => [`${one.id} ${one.nameVi}`, one]))
  return [...last.values(), ...places.filter(({ now }) => now.length > 0)]
}
