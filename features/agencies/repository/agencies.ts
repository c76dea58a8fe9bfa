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

/** Returns every agency that there was by a local date, as it is on that date or was last, and since when. */
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
