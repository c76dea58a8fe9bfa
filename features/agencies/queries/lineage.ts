import '#server-only'
import { type Instant, localDate } from '#lib/time.ts'
import { versionsOf } from '../repository/agencies.ts'
import { catalogue } from '../repository/catalogue.ts'
import type { Agency } from '../rules/agency.ts'
import { type FormerName, formerNames } from '../rules/former-names.ts'
import {
  type AgencyPast,
  type AgencyVersion,
  type Catalogue,
  endingOf,
  pastOf,
  predecessorsOf,
  successorsOn,
  versionOn,
} from '../rules/lineage.ts'

/** The end of an agency, and the agencies that have its tasks today. */
export interface Ending {
  /** The first day on which it no longer existed. */
  readonly on: string
  readonly basis: string | null
  readonly successors: readonly Agency[]
}

export interface AgencyLineage {
  /** Null while it is open. */
  readonly ending: Ending | null
  /** The agencies where services before this one's first day are rated, where that day is less than a year ago. */
  readonly before: { readonly on: string; readonly agencies: readonly Agency[] } | null
  /** The ended agency whose address led to this page. */
  readonly cameFrom: Agency | null
}

export const NO_LINEAGE: AgencyLineage = { ending: null, before: null, cameFrom: null }

interface Asked {
  /** When its last version of the year began. */
  readonly started: string | null
  readonly from: string | null
  readonly today: string
}

/** Returns what a page says of where an agency came from and went to. */
export async function lineageOf(
  agency: AgencyVersion,
  { started, from, today }: Asked,
): Promise<AgencyLineage> {
  const all = await catalogue()
  const origins = started === null ? [] : predecessorsOf(all, agency.id, started)
  // A divided agency has several heirs, among which the visitor has chosen: then nothing is said.
  const heirs = from === null || from === agency.id ? [] : successorsOn(all, from, today)
  const came = heirs.length === 1 && heirs[0]?.id === agency.id
  return {
    ending: versionOn([agency], today) === null ? endingFor(agency, today, all) : null,
    before: started === null || origins.length === 0 ? null : { on: started, agencies: origins },
    cameFrom: came ? (all.versions.findLast(({ id }) => id === from) ?? null) : null,
  }
}

/** Returns how a version that is over ended. */
const endingFor = (agency: AgencyVersion, today: string, all: Catalogue): Ending => ({
  on: agency.validTo ?? today,
  basis: endingOf(all, agency.id, today)[0]?.basis ?? null,
  successors: successorsOn(all, agency.id, today),
})

/** Returns how an agency ended, for the page of its figures; null while it is open, and where the id is unknown. */
export async function endingOn(agencyId: string, now: Instant): Promise<Ending | null> {
  const today = localDate(now)
  const versions = await versionsOf(agencyId, today)
  const last = versions.at(-1)
  if (last === undefined || versionOn(versions, today) !== null) return null
  return endingFor(last, today, await catalogue())
}

/** Returns what became of each agency by now, by its id. */
export async function agencyPasts(now: Instant): Promise<(id: string) => AgencyPast> {
  const [all, today] = [await catalogue(), localDate(now)]
  return (id) => pastOf(all, id, today)
}

/** Returns the names under which people still look for agencies, and where each leads today. */
export const formerAgencyNames = async (now: Instant): Promise<readonly FormerName[]> =>
  formerNames(await catalogue(), localDate(now))
