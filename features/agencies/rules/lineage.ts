import type { Agency, AgencyName } from './agency.ts'

/** The state of an agency between two days, as local dates: the first day, and the day after the last. */
export interface AgencyVersion extends Agency {
  readonly versionId: string
  readonly validFrom: string
  /** Null while it is open-ended. */
  readonly validTo: string | null
  readonly legalBasis: string | null
}

/**
 * An agency in its present or last version. `since` is the first day of its first version, where that is an earlier
 * day.
 */
export interface KnownAgency extends AgencyVersion {
  readonly since?: string
}

/** Returns the first day of an agency. */
export const sinceOf = ({ since, validFrom }: KnownAgency): string => since ?? validFrom

/** Tells whether there was a day on which both existed. */
export const atOneTime = (a: KnownAgency, b: KnownAgency): boolean =>
  (b.validTo === null || sinceOf(a) < b.validTo) && (a.validTo === null || sinceOf(b) < a.validTo)

export const SUCCESSION_KINDS = ['merge', 'split', 'rename', 'abolish'] as const
export type SuccessionKind = (typeof SUCCESSION_KINDS)[number]

/** The tasks of one agency going to another on a day. `to` is null where the agency was abolished. */
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

/** Returns the version of one agency that is valid on a day. */
export const versionOn = <V extends Validity>(versions: readonly V[], day: string): V | null =>
  versions.find((version) => isValid(version, day)) ?? null

/** Returns every agency that is open on a day. */
export const openOn = ({ versions }: Catalogue, day: string): readonly AgencyVersion[] =>
  versions.filter((version) => isValid(version, day))

/**
 * Returns the agencies that have an agency's tasks on a day, through any number of reorganisations: the agency itself
 * while it is open, none where the tasks were abolished.
 */
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

/** Returns whose tasks an agency took over on the day one of its versions began, as they were the day before. */
export function predecessorsOf(catalogue: Catalogue, id: string, on: string): readonly AgencyVersion[] {
  const from = new Set(
    catalogue.successions.filter((one) => one.to === id && one.on === on).map((one) => one.from),
  )
  return catalogue.versions.filter((version) => from.has(version.id) && version.validTo === on)
}

/** Returns how an agency ended, where it had ended by a day: its last successions. */
export function endingOf({ successions }: Catalogue, id: string, day: string): readonly Succession[] {
  const left = successions.filter(({ from, on }) => from === id && on <= day)
  const last = left
    .map(({ on }) => on)
    .toSorted()
    .at(-1)
  return left.filter(({ on }) => on === last)
}

/** The past of an agency by a day: its end, and the names it had. */
export interface AgencyPast {
  /** The first day on which it no longer existed; null while it is open. */
  readonly endedOn: string | null
  /** The agencies that have its tasks today; null while it is open. */
  readonly successors: readonly string[] | null
  /** The names it had before, the latest first. */
  readonly formerNames: readonly AgencyName[]
  /** The first day of its present name, or its last; null where it never had another. */
  readonly nameSince: string | null
}

/** Returns what became of an agency by a day; of one that is not known, nothing did. */
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

/** A name that an agency had until it was given another. */
export interface Renaming {
  readonly before: AgencyName
  readonly after: AgencyName
  /** The first local date of the name after. */
  readonly on: string
  readonly basis: string | null
}

/**
 * Returns how the name of one agency changed, the latest first.
 *
 * @param versions of that agency alone, in their order
 */
export const renamingsOf = (versions: readonly AgencyVersion[]): readonly Renaming[] =>
  versions
    .flatMap((after, at): Renaming[] => {
      const before = versions[at - 1]
      const same = before === undefined || before.nameVi === after.nameVi
      return same ? [] : [{ before, after, on: after.validFrom, basis: after.legalBasis }]
    })
    .toReversed()
