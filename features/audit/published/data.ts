import '#server-only'
import type { Instant } from '#lib/time.ts'
import { db } from '#platform/db.ts'
import { proveEntry } from '../proofs/data.ts'
import type { EntryProof } from '../proofs/rules.ts'
import type { LogEntry, PublicTable } from './rules.ts'

const EVERY_AGENCY = { OR: [{ scope: { startsWith: 'results.' } }, { scope: 'volumes' }] }

/**
 * Returns the newest entry about one table, or about all tables of a scope (`results` is every agency's); null if there is none.
 */
export async function findLogEntry(
  of: { readonly table: string } | { readonly scope: string },
): Promise<LogEntry | null> {
  const newest = await db.publishedTable.findFirst({
    where: 'table' in of ? { name: of.table } : of.scope === 'results' ? EVERY_AGENCY : { scope: of.scope },
    orderBy: [{ publishedAt: 'desc' }, { name: 'desc' }],
  })
  const entry =
    newest &&
    (await db.auditEntry.findFirst({
      where: { subjectKind: 'figures', subjectId: newest.name },
      orderBy: { id: 'desc' },
      select: { id: true },
    }))
  if (!entry) return null
  const leaf = await db.auditLeaf.findUnique({ where: { entryId: entry.id }, select: { index: true } })
  const sha256 = Buffer.from(newest.sha256).toString('hex')
  return { entry: entry.id, index: leaf?.index ?? null, table: newest.name, sha256 }
}

export async function listTables() {
  const rows = await db.publishedTable.findMany({ orderBy: { name: 'asc' } })
  return rows.map(({ name, sha256, publishedAt }) => ({
    ...{ table: name, sha256: Buffer.from(sha256).toString('hex'), at: publishedAt },
  }))
}

/** Returns when a table of the survey last changed: all of them were checked then. */
export async function findLastLook(): Promise<Instant | null> {
  const last = await db.publishedTable.findFirst({
    where: { scope: { startsWith: 'results.' } },
    orderBy: { publishedAt: 'desc' },
    select: { publishedAt: true },
  })
  return last?.publishedAt ?? null
}

export async function findPublished(name: string): Promise<PublicTable | null> {
  const table = await db.publishedTable.findUnique({ where: { name }, select: { sha256: true } })
  const kept = table && (await db.publishedFigures.findUnique({ where: { sha256: table.sha256 } }))
  return kept && { name, content: JSON.parse(new TextDecoder().decode(kept.content)) }
}

export async function readPublished(sha256: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const row = await db.publishedFigures.findUnique({
    where: { sha256: Buffer.from(sha256, 'hex') },
    select: { content: true },
  })
  return row?.content ?? null
}

/**
 * Returns the entries about published reports with a hash, of data or a file, that begins with `start`; newest first, at most
 * five.
 *
 * @param start hexadecimal digits
 */
export const findReportEntries = (start: string) =>
  db.$queryRaw<{ id: bigint; reportId: string; sha256: string; at: Date }[]>`
    SELECT id, subject_id AS "reportId", facts->>'sha256' AS sha256, at FROM audit_entries made
    WHERE act = 'survey.report_ready'
      AND EXISTS (SELECT FROM jsonb_each_text(facts) AS told WHERE starts_with(told.value, ${start}))
      AND EXISTS (SELECT FROM audit_entries WHERE act = 'survey.report_published'
        AND subject_kind = 'report' AND subject_id = made.subject_id)
    ORDER BY id DESC LIMIT 5`

/** Returns the proof of the newest entry that publishes a hash; null until it is sealed. */
export async function provePublished(sha256: string): Promise<EntryProof | null> {
  const kept = await db.publishedFigures.findUnique({
    where: { sha256: Buffer.from(sha256, 'hex') },
    select: { name: true },
  })
  const [report] = kept ? [] : await findReportEntries(sha256)
  const name = kept?.name ?? (report && `report.${report.reportId}`)
  if (name === undefined) return null
  const [entry] = await db.$queryRaw<{ id: bigint }[]>`
    SELECT id FROM audit_entries
    WHERE subject_kind = 'figures' AND subject_id = ${name} AND facts->>'sha256' = ${sha256}
    ORDER BY id DESC LIMIT 1`
  return entry === undefined ? null : proveEntry(entry.id)
}
