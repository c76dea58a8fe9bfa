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

/** The two groups for choosing and adding up agencies. Wards belong to the districts' group. */
export const AGENCY_GROUPS = ['districts', 'departments'] as const
export type AgencyGroup = (typeof AGENCY_GROUPS)[number]

export interface Agency {
  readonly id: string
  readonly nameVi: string
  readonly nameEn: string
  readonly kind: AgencyKind
  readonly abbreviation: string | null
  /** The former districts (before July 2025) from which a ward was drawn, by name; empty for any other agency. */
  readonly areas: readonly string[]
}

export type AgencyName = Pick<Agency, 'nameVi' | 'nameEn'>

export const nameIn = (locale: 'vi' | 'en', { nameVi, nameEn }: AgencyName): string =>
  locale === 'vi' ? nameVi : nameEn

export const groupOf = (kind: AgencyKind): AgencyGroup =>
  kind === 'department' ? 'departments' : 'districts'

/** The first group as people call it: districts, the wards that replaced them, or both while there are both. */
export type Places = 'districts' | 'wards' | 'both'

export function placesOf(kinds: Iterable<AgencyKind>): Places {
  const all = new Set(kinds)
  if (!(['ward', 'commune', 'special_zone'] as const).some((kind) => all.has(kind))) return 'districts'
  return all.has('district') || all.has('rural_district') ? 'both' : 'wards'
}

/** Returns the English form of a Vietnamese unit's name, by rule: `Phường An Khánh` → `An Khánh Ward`. */
export function englishName(nameVi: string): string {
  const [, word, rest, province = ''] =
    /^(Quận|Huyện|Thành phố|Thị xã|Phường|Xã|Thị trấn|Đặc khu) ([^,]+)(, .*)?$/.exec(nameVi) ?? []
  if (word === undefined || rest === undefined) return nameVi
  const kind = ENGLISH[word as keyof typeof ENGLISH]
  return /^\d+$/.test(rest) ? `${kind} ${rest}${province}` : `${rest} ${kind}${province}`
}

const ENGLISH = {
  Quận: 'District',
  Huyện: 'Rural District',
  'Thành phố': 'City',
  'Thị xã': 'Town',
  Phường: 'Ward',
  Xã: 'Commune',
  'Thị trấn': 'Township',
  'Đặc khu': 'Special Zone',
} as const

/** Groups wards by their former districts, in the given order; a ward of several is in each. */
export function byArea<A extends Agency>(
  agencies: readonly A[],
): {
  readonly areas: readonly { readonly area: string; readonly agencies: readonly A[] }[]
  readonly others: readonly A[]
} {
  const areas = Map.groupBy(
    agencies.flatMap((agency) => agency.areas.map((area) => ({ area, agency }))),
    ({ area }) => area,
  )
  return {
    areas: [...areas].map(([area, some]) => ({ area, agencies: some.map(({ agency }) => agency) })),
    others: agencies.filter((agency) => agency.areas.length === 0),
  }
}

/** The state of an agency between two local dates: its first day, and the day after its last. */
export interface AgencyVersion extends Agency {
  readonly versionId: string
  readonly validFrom: string
  /** Null while it is open-ended. */
  readonly validTo: string | null
  readonly legalBasis: string | null
}

/** An agency in its present or last version. `since` is the first day of its first version, if that is earlier. */
export interface KnownAgency extends AgencyVersion {
  readonly since?: string
}

export const sinceOf = ({ since, validFrom }: KnownAgency): string => since ?? validFrom

export const atOneTime = (a: KnownAgency, b: KnownAgency): boolean =>
  (b.validTo === null || sinceOf(a) < b.validTo) && (a.validTo === null || sinceOf(b) < a.validTo)

export type SuccessionKind = 'merge' | 'split' | 'rename' | 'abolish'

/** The tasks of one agency pass to another on a day. `to` is null if the agency was abolished. */
export interface Succession {
  readonly on: string
  readonly kind: SuccessionKind
  readonly from: string
  readonly to: string | null
  readonly basis: string
}

export interface Catalogue {
  readonly versions: readonly AgencyVersion[]
  readonly successions: readonly Succession[]
}

type Validity = Pick<AgencyVersion, 'validFrom' | 'validTo'>

const isValid = ({ validFrom, validTo }: Validity, day: string) =>
  validFrom <= day && (validTo === null || day < validTo)

export const versionOn = <V extends Validity>(versions: readonly V[], day: string): V | null =>
  versions.find((version) => isValid(version, day)) ?? null

export const openOn = ({ versions }: Catalogue, day: string): readonly AgencyVersion[] =>
  versions.filter((version) => isValid(version, day))

/** Returns the agencies that have an agency's tasks on a day: itself while it is open, none if they were abolished. */
export function successorsOn(catalogue: Catalogue, id: string, day: string): readonly AgencyVersion[] {
  const open = new Map(openOn(catalogue, day).map((version) => [version.id, version]))
  const seen = new Set<string>()
  const found: AgencyVersion[] = []
  const follow = (at: string): void => {
    if (seen.has(at)) return
    seen.add(at)
    const version = open.get(at)
    if (version !== undefined) {
      found.push(version)
      return
    }
    for (const { from, to, on } of catalogue.successions)
      if (from === at && to !== null && on <= day) follow(to)
  }
  follow(id)
  return found
}

/** Returns the agencies whose tasks an agency took over on the first day of one of its versions, as they were the day before. */
export function predecessorsOf(catalogue: Catalogue, id: string, on: string): readonly AgencyVersion[] {
  const from = new Set(
    catalogue.successions.filter((one) => one.to === id && one.on === on).map((one) => one.from),
  )
  return catalogue.versions.filter((version) => from.has(version.id) && version.validTo === on)
}

export function endingOf({ successions }: Catalogue, id: string, day: string): readonly Succession[] {
  const left = successions.filter(({ from, on }) => from === id && on <= day)
  const last = left
    .map(({ on }) => on)
    .toSorted()
    .at(-1)
  return left.filter(({ on }) => on === last)
}

export interface AgencyPast {
  /** The first day on which it no longer existed; null while it is open. */
  readonly endedOn: string | null
  /** The agencies that have its tasks today; null while it is open. */
  readonly successors: readonly string[] | null
  readonly formerNames: readonly AgencyName[]
  /** The first day of its present or last name; null if it never had another. */
  readonly nameSince: string | null
}

export function pastOf(catalogue: Catalogue, id: string, day: string): AgencyPast {
  const versions = catalogue.versions.filter((one) => one.id === id && one.validFrom <= day)
  const renamings = renamingsOf(versions)
  const last = versions.at(-1)
  const ended = last !== undefined && versionOn(versions, day) === null
  return {
    endedOn: ended ? last.validTo : null,
    successors: ended ? successorsOn(catalogue, id, day).map((one) => one.id) : null,
    formerNames: renamings.map(({ before }) => before),
    nameSince: renamings[0]?.on ?? null,
  }
}

export interface Renaming {
  readonly before: AgencyName
  readonly after: AgencyName
  readonly on: string
  readonly basis: string | null
}

/** Returns the renamings of one agency, latest first, by its versions in order. */
export const renamingsOf = (versions: readonly AgencyVersion[]): readonly Renaming[] =>
  versions
    .flatMap((after, at): Renaming[] => {
      const before = versions[at - 1]
      const same = before === undefined || before.nameVi === after.nameVi
      return same ? [] : [{ before, after, on: after.validFrom, basis: after.legalBasis }]
    })
    .toReversed()
