import '#server-only'
import { readCatalogue } from '#features/agencies/data.ts'
import type { AgencyVersion } from '#features/agencies/rules.ts'
import { monthOfDay } from '#features/results/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import type { Volume } from './rules.ts'

export const readAgencyVersions = async (): Promise<readonly AgencyVersion[]> =>
  (await readCatalogue()).versions

/** Stores volumes, and replaces earlier ones of the same agency, month and procedure. Returns how many are new or differ. */
export async function keepVolumes(tx: Tx, volumes: readonly Volume[], source: string, now: Instant) {
  const rows = volumes.map(({ agencyId, month, procedure, cases }) => ({
    ...{ agency_id: agencyId, month: `${month}-01`, procedure, cases },
  }))
  // Of two imports at once the second waits, so that its entry in the log counts its changes to the first one's rows.
  await tx.$executeRaw`LOCK TABLE survey_volumes IN SHARE ROW EXCLUSIVE MODE`
  return tx.$executeRaw`
    INSERT INTO survey_volumes AS v (agency_id, month, procedure, cases, source, told_on)
    SELECT agency_id, month, procedure, cases, ${source}, ${localDate(now)}::date
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS told (agency_id text, month date, procedure text, cases int)
    ORDER BY agency_id, month, procedure
    ON CONFLICT (agency_id, month, procedure) DO UPDATE SET
      cases = EXCLUDED.cases, source = EXCLUDED.source, told_on = EXCLUDED.told_on
    WHERE (v.cases, v.source) IS DISTINCT FROM (EXCLUDED.cases, EXCLUDED.source)`
}

export async function readCases(agencyId?: string) {
  const rows = await db.surveyVolume.groupBy({
    by: ['agencyId', 'month'],
    where: { ...(agencyId !== undefined && { agencyId }) },
    _sum: { cases: true },
    orderBy: [{ agencyId: 'asc' }, { month: 'asc' }],
  })
  return rows.map(({ agencyId: id, month, _sum }) => ({
    ...{ agencyId: id, month: monthOfDay(month), cases: _sum.cases ?? 0 },
  }))
}

export async function listVolumes() {
  const rows = await db.surveyVolume.findMany({
    orderBy: [{ month: 'asc' }, { agencyId: 'asc' }, { procedure: 'asc' }],
  })
  return rows.map(({ month, toldOn, ...row }) => ({
    ...row,
    month: monthOfDay(month),
    toldOn: toldOn.toISOString().slice(0, 10),
  }))
}

export async function summarizeVolumes(actor: StaffActor) {
  if (!may(actor.role, 'survey:manage')) return []
  const rows = await db.surveyVolume.groupBy({
    by: ['month', 'source'],
    _sum: { cases: true },
    _count: { _all: true },
    _max: { toldOn: true },
    orderBy: [{ month: 'desc' }, { source: 'asc' }],
    take: 60,
  })
  return rows.map(({ month, source, _sum, _count, _max }) => ({
    ...{ month: monthOfDay(month), source, cases: _sum.cases ?? 0, rows: _count._all },
    toldOn: _max.toldOn?.toISOString().slice(0, 10) ?? '',
  }))
}
