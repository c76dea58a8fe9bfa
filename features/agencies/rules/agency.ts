export const AGENCY_KINDS = [
  'district',
  'rural_district',
  // A city within the City.
  'city',
  'ward',
  'commune',
  'special_zone',
  'department',
] as const
export type AgencyKind = (typeof AGENCY_KINDS)[number]

/** The two groups in which agencies are chosen and added up; wards belong to the districts' group. */
export const AGENCY_GROUPS = ['districts', 'departments'] as const
export type AgencyGroup = (typeof AGENCY_GROUPS)[number]

export interface Agency {
  readonly id: string
  readonly nameVi: string
  readonly nameEn: string
  readonly kind: AgencyKind
  readonly abbreviation: string | null
  /** The former districts (before July 2025) that a ward was drawn from, by name; empty for any other agency. */
  readonly areas: readonly string[]
}

/** The name of an agency, in both languages. */
export type AgencyName = Pick<Agency, 'nameVi' | 'nameEn'>

export const nameIn = (locale: 'vi' | 'en', { nameVi, nameEn }: AgencyName): string =>
  locale === 'vi' ? nameVi : nameEn

export const groupOf = (kind: AgencyKind): AgencyGroup =>
  kind === 'department' ? 'departments' : 'districts'

/**
 * The words that people have for the first group: the districts, the wards in their place, or both where some agencies
 * are each.
 */
export type Places = 'districts' | 'wards' | 'both'

export function placesOf(kinds: Iterable<AgencyKind>): Places {
  const all = new Set(kinds)
  if (!(['ward', 'commune', 'special_zone'] as const).some((kind) => all.has(kind))) return 'districts'
  return all.has('district') || all.has('rural_district') ? 'both' : 'wards'
}

/** Returns the English form of a Vietnamese unit's name, by rule: `Phường Sài Gòn` → `Sài Gòn Ward`. */
export function englishName(nameVi: string): string {
  const [, word, rest, province = ''] =
    /^(Quận|Huyện|Thành phố|Phường|Xã|Thị trấn|Đặc khu) ([^,]+)(, .*)?$/.exec(nameVi) ?? []
  if (word === undefined || rest === undefined) return nameVi
  const kind = ENGLISH[word as keyof typeof ENGLISH]
  return /^\d+$/.test(rest) ? `${kind} ${rest}${province}` : `${rest} ${kind}${province}`
}

const ENGLISH = {
  Quận: 'District',
  Huyện: 'Rural District',
  'Thành phố': 'City',
  Phường: 'Ward',
  Xã: 'Commune',
  'Thị trấn': 'Township',
  'Đặc khu': 'Special Zone',
} as const

/**
 * Groups wards by the former district that they were drawn from, in the order given. A ward of several is in the group
 * of its first.
 */
export function byArea<A extends Agency>(
  agencies: readonly A[],
): {
  readonly areas: readonly { readonly area: string; readonly agencies: readonly A[] }[]
  readonly others: readonly A[]
} {
  const areas = Map.groupBy(
    agencies.filter((agency) => agency.areas.length > 0),
    (agency) => agency.areas[0] ?? '',
  )
  return {
    areas: [...areas].map(([area, some]) => ({ area, agencies: some })),
    others: agencies.filter((agency) => agency.areas.length === 0),
  }
}
