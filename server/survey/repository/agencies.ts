import '#server-only'
import type { Agency } from '#domain/survey/agency.ts'
import { db } from '#server/platform/db.ts'

/** An agency as it was on a day; a response belongs to this version of it. */
export interface AgencyOnDay extends Agency {
  readonly versionId: string
}

const validOn = (date: string) => ({
  validFrom: { lte: new Date(date) },
  OR: [{ validTo: null }, { validTo: { gt: new Date(date) } }],
})

const agencySelect = {
  id: true,
  agencyId: true,
  nameVi: true,
  nameEn: true,
  kind: true,
  abbreviation: true,
} as const

const asAgency = ({ id, agencyId, ...rest }: { id: string; agencyId: string } & Omit<Agency, 'id'>) => ({
  ...rest,
  id: agencyId,
  versionId: id,
})

/** Every agency there is on a local date, in the catalogue's order. */
export async function agenciesOn(date: string): Promise<AgencyOnDay[]> {
  const versions = await db.agencyVersion.findMany({
    where: validOn(date),
    orderBy: { agency: { ordinal: 'asc' } },
    select: agencySelect,
  })
  return versions.map(asAgency)
}

export async function agencyOn(id: string, date: string): Promise<AgencyOnDay | null> {
  const version = await db.agencyVersion.findFirst({
    where: { agencyId: id, ...validOn(date) },
    select: agencySelect,
  })
  return version && asAgency(version)
}
