import '#server-only'
import { AGENCY_KINDS, type AgencyKind } from '#features/agencies/rules.ts'
import type { Withdrawal } from '#features/ratings/replies/rules.ts'
import { monthOfDay } from '#features/results/rules.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import type { Period } from './period-rules.ts'
import type { Recommendations, ReportScope } from './report-rules.ts'

export type ReportState = 'queued' | 'running' | 'ready' | 'failed'

export interface ReportRow {
  readonly id: string
  readonly period: Period
  readonly scope: ReportScope
  readonly agencyIds: readonly string[]
  readonly recommendations: Recommendations | null
  readonly state: ReportState
  /** In per cent. */
  readonly progress: number
  /** The SHA-256 of the frozen dataset, in hexadecimal; null until it is frozen. */
  readonly sha256: string | null
  readonly askedAt: Instant
  readonly readyAt: Instant | null
  /** SHA-256 in hexadecimal of each file as last drawn, by its name; null where it was not kept. */
  readonly files: Readonly<Record<string, string>> | null
  /** Since when its files are being drawn again; null while they are not. */
  readonly redrawAskedAt: Instant | null
  readonly redrawnAt: Instant | null
  readonly publishedAt: Instant | null
  readonly withdrawn: Withdrawal | null
  readonly replaces: OtherReport | null
  readonly replacedBy: OtherReport | null
}

export interface OtherReport {
  readonly sha256: string
  readonly publishedAt: Instant
}

const other = { select: { sha256: true, publishedAt: true } } as const

const select = {
  id: true,
  fromMonth: true,
  toMonth: true,
  scope: true,
  agencyIds: true,
  recommendationsVi: true,
  recommendationsEn: true,
  state: true,
  progress: true,
  sha256: true,
  askedAt: true,
  readyAt: true,
  files: true,
  redrawAskedAt: true,
  redrawnAt: true,
  publishedAt: true,
  withdrawnAt: true,
  withdrawnVi: true,
  withdrawnEn: true,
  replaces: other,
  replacedBy: other,
} as const

type Row = Prisma.SurveyReportGetPayload<{ select: typeof select }>

const hex = (hash: Uint8Array): string => Buffer.from(hash).toString('hex')

const asOther = (row: Row['replaces']): OtherReport | null =>
  row?.sha256 && row.publishedAt ? { sha256: hex(row.sha256), publishedAt: row.publishedAt } : null

function asReport({ fromMonth, toMonth, sha256, files, replaces, replacedBy, ...rest }: Row): ReportRow {
  const { withdrawnAt, withdrawnVi, withdrawnEn, recommendationsVi: vi, recommendationsEn: en, ...row } = rest
  return {
    ...row,
    recommendations: vi === null ? null : { vi, en },
    period: { from: monthOfDay(fromMonth), to: monthOfDay(toMonth) },
    sha256: sha256 && hex(sha256),
    files: files as ReportRow['files'],
    withdrawn:
      withdrawnAt === null || withdrawnVi === null
        ? null
        : { reasonVi: withdrawnVi, reasonEn: withdrawnEn, at: withdrawnAt },
    replaces: asOther(replaces),
    replacedBy: asOther(replacedBy),
  }
}

export const readReports = async (
  args: Omit<Prisma.SurveyReportFindManyArgs, 'select'>,
): Promise<ReportRow[]> => (await db.surveyReport.findMany({ ...args, select })).map(asReport)

export async function findReport(id: string): Promise<ReportRow | null> {
  const row = await db.surveyReport.findUnique({ where: { id }, select })
  return row && asReport(row)
}

/** Returns the published reports with a hash that starts with `start` (hexadecimal), the latest first. */
export async function findPublishedByHash(start: string, take: number): Promise<ReportRow[]> {
  const [from, to] = [start.padEnd(64, '0'), start.padEnd(64, 'f')]
  const found = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM survey_reports
    WHERE published_at IS NOT NULL AND (sha256 BETWEEN decode(${from}, 'hex') AND decode(${to}, 'hex')
      OR EXISTS (SELECT FROM jsonb_each_text(files) AS file WHERE file.value BETWEEN ${from} AND ${to}))
    ORDER BY sha256, published_at DESC LIMIT ${take}`
  return readReports({ where: { id: { in: found.map(({ id }) => id) } }, orderBy: { publishedAt: 'desc' } })
}

export async function readDataset(id: string): Promise<Buffer | null> {
  const row = await db.surveyReport.findUnique({ where: { id }, select: { dataset: true } })
  return row?.dataset ? Buffer.from(row.dataset) : null
}

/** Returns the kinds of agencies in frozen datasets, by report. Inside JSON strings quotation marks are escaped. */
export async function readFrozenKinds(ids: readonly string[]): Promise<Map<string, AgencyKind[]>> {
  const rows = await db.$queryRaw<{ id: string; kinds: AgencyKind[] }[]>`
    SELECT id, ARRAY(
      SELECT kind FROM unnest(${[...AGENCY_KINDS]}::text[]) kind
      WHERE position(convert_to('"kind":"' || kind || '"', 'UTF8') IN dataset) > 0) AS kinds
    FROM survey_reports WHERE id = ANY(${[...ids]}::uuid[]) AND dataset IS NOT NULL`
  return new Map(rows.map(({ id, kinds }) => [id, kinds]))
}

/** Returns the last day covered by a report's frozen data, as a local date; null while nothing is frozen. */
export async function readFrozenThrough(id: string): Promise<string | null> {
  // Quotation marks inside strings are escaped, so that only the period itself matches.
  const [row] = await db.$queryRaw<{ through: string | null }[]>`
    SELECT substring(convert_from(dataset, 'UTF8') FROM '"period":{"from":"[0-9-]+","through":"([0-9-]+)"') AS through
    FROM survey_reports WHERE id = ${id}::uuid AND dataset IS NOT NULL`
  return row?.through ?? null
}

export async function moveReport(
  tx: Tx,
  id: string,
  from: readonly ReportState[],
  to: {
    readonly state: ReportState
    readonly progress: number
    readonly readyAt?: Instant
    readonly files?: Readonly<Record<string, string>>
  },
): Promise<boolean> {
  const { count } = await tx.surveyReport.updateMany({ where: { id, state: { in: [...from] } }, data: to })
  return count === 1
}

/** Locks a withdrawn report until the transaction ends; false where it is not withdrawn, or already replaced. */
export async function lockWithdrawnReport(tx: Tx, id: string): Promise<boolean> {
  const locked = await tx.$queryRaw<unknown[]>`
    SELECT FROM survey_reports WHERE id = ${id}::uuid AND withdrawn_at IS NOT NULL FOR UPDATE`
  // Checked after waiting for the lock: the transaction that held it may have replaced the report.
  return locked.length === 1 && (await tx.surveyReport.count({ where: { replacesId: id } })) === 0
}

/** Saves the progress outside any transaction, so that people who watch it see it at once. */
export async function writeProgress(id: string, progress: number): Promise<void> {
  await db.surveyReport.updateMany({ where: { id, state: 'running' }, data: { progress } })
}
