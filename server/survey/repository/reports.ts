import '#server-only'
import type { ReportScope } from '#domain/survey/city-report.ts'
import { firstDay, monthOfDay } from '#domain/survey/month.ts'
import type { Period } from '#domain/survey/report-period.ts'
import type { Instant } from '#domain/time.ts'
import { db, type Tx } from '#server/platform/db.ts'

export type ReportState = 'queued' | 'running' | 'ready' | 'failed'

export interface ReportRow {
  readonly id: string
  readonly period: Period
  readonly scope: ReportScope
  readonly agencyIds: readonly string[]
  readonly state: ReportState
  /** In per cent. */
  readonly progress: number
  /** Of the frozen dataset, in hexadecimal; null until it is. */
  readonly sha256: string | null
  readonly askedAt: Instant
  readonly readyAt: Instant | null
  readonly publishedAt: Instant | null
}

const select = {
  id: true,
  fromMonth: true,
  toMonth: true,
  scope: true,
  agencyIds: true,
  state: true,
  progress: true,
  sha256: true,
  askedAt: true,
  readyAt: true,
  publishedAt: true,
} as const

type Row = Omit<ReportRow, 'period' | 'sha256'> & {
  readonly fromMonth: Date
  readonly toMonth: Date
  readonly sha256: Uint8Array | null
}

const asReport = ({ fromMonth, toMonth, sha256, ...row }: Row): ReportRow => ({
  ...row,
  period: { from: monthOfDay(fromMonth), to: monthOfDay(toMonth) },
  sha256: sha256 && Buffer.from(sha256).toString('hex'),
})

export async function reportById(id: string): Promise<ReportRow | null> {
  const row = await db.surveyReport.findUnique({ where: { id }, select })
  return row && asReport(row)
}

/** The newest first, from behind one of them on. */
export async function reportsAfter(after: string | null, take: number): Promise<ReportRow[]> {
  const rows = await db.surveyReport.findMany({
    orderBy: [{ askedAt: 'desc' }, { id: 'asc' }],
    ...(after !== null && { cursor: { id: after }, skip: 1 }),
    take,
    select,
  })
  return rows.map(asReport)
}

/** What everybody can read, the last first. */
export async function publishedReports(take: number): Promise<ReportRow[]> {
  const rows = await db.surveyReport.findMany({
    where: { publishedAt: { not: null } },
    orderBy: [{ publishedAt: 'desc' }, { id: 'asc' }],
    take,
    select,
  })
  return rows.map(asReport)
}

export async function insertReport(
  tx: Tx,
  {
    id,
    period,
    scope,
    agencyIds,
    askedAt,
  }: Pick<ReportRow, 'id' | 'period' | 'scope' | 'agencyIds' | 'askedAt'>,
): Promise<void> {
  const months = { fromMonth: firstDay(period.from), toMonth: firstDay(period.to) }
  const data = { id, ...months, scope, agencyIds: [...agencyIds], askedAt }
  await tx.surveyReport.create({ data, select: { id: true } })
}

/** The frozen bytes; null while there are none. */
export async function datasetOf(id: string): Promise<Buffer | null> {
  const row = await db.surveyReport.findUnique({ where: { id }, select: { dataset: true } })
  return row?.dataset ? Buffer.from(row.dataset) : null
}

/** Freezes a dataset. False when it has been before: the first stands. */
export async function freeze(
  tx: Tx,
  id: string,
  dataset: Uint8Array<ArrayBuffer>,
  sha256: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const { count } = await tx.surveyReport.updateMany({
    where: { id, dataset: null },
    data: { dataset, sha256 },
  })
  return count === 1
}

/** Moves a report on, from one of some states. False when it is in none of them. */
export async function move(
  tx: Tx,
  id: string,
  from: readonly ReportState[],
  to: { readonly state: ReportState; readonly progress: number; readonly readyAt?: Instant },
): Promise<boolean> {
  const { count } = await tx.surveyReport.updateMany({ where: { id, state: { in: [...from] } }, data: to })
  return count === 1
}

/** False when it is not ready, or public already. */
export async function publishRow(tx: Tx, id: string, at: Instant): Promise<boolean> {
  const { count } = await tx.surveyReport.updateMany({
    where: { id, state: 'ready', publishedAt: null },
    data: { publishedAt: at },
  })
  return count === 1
}

/** How far the work is; told outside any transaction, for whoever watches. */
export async function progressTo(id: string, progress: number): Promise<void> {
  await db.surveyReport.updateMany({ where: { id, state: 'running' }, data: { progress } })
}
