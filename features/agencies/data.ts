import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { day } from './changes/data.ts'
import {
  type Agency,
  type AgencyPast,
  type AgencyVersion,
  type Catalogue,
  endingOf,
  type KnownAgency,
  pastOf,
  predecessorsOf,
  successorsOn,
  versionOn,
} from './rules.ts'
import { type FormerName, formerNames } from './search-rules.ts'

const validOn = (date: string) => ({
  validFrom: { lte: new Date(date) },
  OR: [{ validTo: null }, { validTo: { gt: new Date(date) } }],
})

const versionSelect = {
  id: true,
  agencyId: true,
  nameVi: true,
  nameEn: true,
  kind: true,
  abbreviation: true,
  areas: true,
  legalBasis: true,
  validFrom: true,
  validTo: true,
} as const

async function readVersions(where: Prisma.AgencyVersionWhereInput, tx: Tx = db): Promise<AgencyVersion[]> {
  const orderBy = [{ agency: { ordinal: 'asc' } }, { validFrom: 'asc' }] as const
  const rows = await tx.agencyVersion.findMany({ where, orderBy: [...orderBy], select: versionSelect })
  return rows.map(({ id, agencyId, validFrom, validTo, ...row }) => ({
    ...{ ...row, id: agencyId, versionId: id },
    ...{ validFrom: day(validFrom), validTo: validTo && day(validTo) },
  }))
}

export const findAgenciesOn = (date: string) => readVersions(validOn(date))

/** Returns every agency that existed by a local date: its version then or its last one, and its first day. */
export async function findAgenciesUpTo(date: string): Promise<KnownAgency[]> {
  // A map keeps the place of the first version and the value of the last.
  const known = new Map<string, KnownAgency>()
  for (const version of await readVersions({ validFrom: { lte: new Date(date) } }))
    known.set(version.id, { ...version, since: known.get(version.id)?.since ?? version.validFrom })
  return [...known.values()]
}

export const findAgencyVersions = (id: string, date: string, tx?: Tx) =>
  readVersions({ agencyId: id, validFrom: { lte: new Date(date) } }, tx)

export interface Handover {
  readonly on: string
  readonly from: string
  readonly to: string
  readonly basis: string
}

/** Returns every reorganisation up to a local date that led to an agency, directly or through others; latest first. */
export async function findHandoversTo(id: string, date: string): Promise<Handover[]> {
  const rows = await db.$queryRaw<(Omit<Handover, 'on'> & { readonly on: Date })[]>`
    WITH RECURSIVE led AS (
      SELECT "on", from_id, to_id, basis FROM agency_successions WHERE to_id = ${id} AND "on" <= ${date}::date
      UNION
      SELECT s."on", s.from_id, s.to_id, s.basis
      FROM agency_successions s JOIN led ON s.to_id = led.from_id AND s."on" <= led."on"
    )
    SELECT "on", from_id AS "from", to_id AS "to", basis FROM led ORDER BY "on" DESC, from_id`
  return rows.map(({ on, ...rest }) => ({ ...rest, on: day(on) }))
}

export interface Ending {
  /** The first day on which the agency no longer existed. */
  readonly on: string
  readonly basis: string | null
  readonly successors: readonly Agency[]
}

export interface AgencyLineage {
  readonly ending: Ending | null
  /** The agencies where services before this agency's first day are rated, if that day is less than a year ago. */
  readonly before: { readonly on: string; readonly agencies: readonly Agency[] } | null
  /** The ended agency whose address led to this page. */
  readonly cameFrom: Agency | null
}

export const NO_LINEAGE: AgencyLineage = { ending: null, before: null, cameFrom: null }

/** Returns an agency's past for its visitors. `started`: its version's first day, within a year. `from`: an id that led here. */
export async function describeLineage(
  agency: AgencyVersion,
  {
    started,
    from,
    today,
  }: { readonly started: string | null; readonly from: string | null; readonly today: string },
) {
  const all = await readCatalogue()
  const origins = started === null ? [] : predecessorsOf(all, agency.id, started)
  // A split agency has several heirs, among which the visitor has chosen. Then no origin is shown.
  const heirs = from === null || from === agency.id ? [] : successorsOn(all, from, today)
  const came = heirs.length === 1 && heirs[0]?.id === agency.id
  return {
    ending: versionOn([agency], today) === null ? endingFor(agency, today, all) : null,
    before: started === null || origins.length === 0 ? null : { on: started, agencies: origins },
    cameFrom: came ? (all.versions.findLast(({ id }) => id === from) ?? null) : null,
  }
}

const endingFor = (agency: AgencyVersion, today: string, all: Catalogue): Ending => ({
  on: agency.validTo ?? today,
  basis: endingOf(all, agency.id, today)[0]?.basis ?? null,
  successors: successorsOn(all, agency.id, today),
})

export async function findEnding(agencyId: string, now: Instant): Promise<Ending | null> {
  const today = localDate(now)
  const versions = await findAgencyVersions(agencyId, today)
  const last = versions.at(-1)
  if (last === undefined || versionOn(versions, today) !== null) return null
  return endingFor(last, today, await readCatalogue())
}

export async function readAgencyPasts(now: Instant): Promise<(id: string) => AgencyPast> {
  const [all, today] = [await readCatalogue(), localDate(now)]
  return (id) => pastOf(all, id, today)
}

export const listFormerNames = async (now: Instant): Promise<readonly FormerName[]> =>
  formerNames(await readCatalogue(), localDate(now))

/** Returns every version and every succession, including future ones: a few hundred rows. */
export async function readCatalogue(tx: Tx = db): Promise<Catalogue> {
  const versions = await readVersions({}, tx)
  const successions = await tx.agencySuccession.findMany({
    orderBy: [{ on: 'asc' }, { from: { ordinal: 'asc' } }, { to: { ordinal: 'asc' } }],
    select: { on: true, kind: true, fromId: true, toId: true, basis: true },
  })
  return {
    versions,
    successions: successions.map(({ on, kind, fromId, toId, basis }) => ({
      ...{ on: day(on), kind, from: fromId, to: toId, basis },
    })),
  }
}

export const LAST_NAME = {
  select: { versions: { orderBy: { validFrom: 'desc' }, take: 1, select: { nameVi: true, nameEn: true } } },
} as const
