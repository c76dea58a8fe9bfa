import '#server-only'
import { db } from '#platform/db.ts'
import type { AgencyVersion, KnownAgency } from '../rules/lineage.ts'

const validOn = (date: string) => ({
  validFrom: { lte: new Date(date) },
  OR: [{ validTo: null }, { validTo: { gt: new Date(date) } }],
})

export const versionSelect = {
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

type Row = Omit<AgencyVersion, 'versionId' | 'validFrom' | 'validTo'> & {
  readonly agencyId: string
  readonly validFrom: Date
  readonly validTo: Date | null
}

export const asVersion = ({ id, agencyId, validFrom, validTo, ...rest }: Row): AgencyVersion => ({
  ...rest,
  id: agencyId,
  versionId: id,
  validFrom: validFrom.toISOString().slice(0, 10),
  validTo: validTo?.toISOString().slice(0, 10) ?? null,
})

/** Returns every agency there is on a local date, in the catalogue's order. */
export async function agenciesOn(date: string): Promise<AgencyVersion[]> {
  const versions = await db.agencyVersion.findMany({
    where: validOn(date),
    orderBy: { agency: { ordinal: 'asc' } },
    select: versionSelect,
  })
  return versions.map(asVersion)
}

/**
 * Returns every agency that existed at or before a local date: its version on that date or its last one, and its first
 * day.
 */
export async function agenciesUpTo(date: string): Promise<KnownAgency[]> {
  const versions = await db.agencyVersion.findMany({
    where: { validFrom: { lte: new Date(date) } },
    orderBy: [{ agency: { ordinal: 'asc' } }, { validFrom: 'asc' }],
    select: versionSelect,
  })
  // A map keeps the place of the first version and the value of the last.
  const known = new Map<string, KnownAgency>()
  for (const row of versions) {
    const version = asVersion(row)
    known.set(version.id, { ...version, since: known.get(version.id)?.since ?? version.validFrom })
  }
  return [...known.values()]
}

/**
 * Returns every version of one agency that had begun by a day, in their order: none says that there is no such agency.
 */
export async function versionsOf(id: string, date: string): Promise<AgencyVersion[]> {
  const versions = await db.agencyVersion.findMany({
    where: { agencyId: id, validFrom: { lte: new Date(date) } },
    orderBy: { validFrom: 'asc' },
    select: versionSelect,
  })
  return versions.map(asVersion)
}

/** Tasks that went from one agency to another on a day, as a local date. */
export interface Handover {
  readonly on: string
  readonly from: string
  readonly to: string
  readonly basis: string
}

/**
 * Returns every reorganisation up to a local date that led to an agency, also over others in between; the latest first.
 */
export async function handoversTo(id: string, date: string): Promise<Handover[]> {
  const rows = await db.$queryRaw<(Omit<Handover, 'on'> & { readonly on: Date })[]>`
    WITH RECURSIVE led AS (
      SELECT "on", from_id, to_id, basis FROM agency_successions WHERE to_id = ${id} AND "on" <= ${date}::date
      UNION
      SELECT s."on", s.from_id, s.to_id, s.basis
      FROM agency_successions s JOIN led ON s.to_id = led.from_id AND s."on" <= led."on"
    )
    SELECT "on", from_id AS "from", to_id AS "to", basis FROM led ORDER BY "on" DESC, from_id`
  return rows.map(({ on, ...rest }) => ({ ...rest, on: on.toISOString().slice(0, 10) }))
}
