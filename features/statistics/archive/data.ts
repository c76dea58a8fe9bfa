import '#server-only'
import { findPublished } from '#features/audit/published/data.ts'
import { type Month, parseMonth } from '#features/results/rules.ts'
import { add, type Counts, chosen } from '#features/results/tally-rules.ts'
import { toTenThousandths } from '#lib/ten-thousandths.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { db } from '#platform/db.ts'
import type { KeptCounts, KeptFigures, Snapshot } from './rules.ts'

const asBytes = (hashes: readonly string[]) => hashes.map((hash) => Buffer.from(hash, 'hex'))

/** Returns the snapshots of the open data, the newest first. */
export async function listSnapshots() {
  const rows = await db.publishedTable.findMany({ where: { scope: 'archive' }, orderBy: { name: 'desc' } })
  return rows.map(({ name, sha256, publishedAt }) => ({
    month: name.slice('archive.'.length) as Month,
    takenOn: localDate(publishedAt as Instant),
    sha256: Buffer.from(sha256).toString('hex'),
  }))
}

export async function readSnapshot(text: string): Promise<(Snapshot & { readonly sha256: string }) | null> {
  const month = parseMonth(text)
  if (month === null) return null
  const name = `archive.${month}`
  const [row, kept] = await Promise.all([
    db.publishedTable.findUnique({ where: { name } }),
    findPublished(name),
  ])
  return row && kept && { ...(kept.content as Snapshot), sha256: Buffer.from(row.sha256).toString('hex') }
}

/** Returns the answers to every question as they were at the snapshot. The database adds up the months. */
export async function readArchivedAnswers(snapshot: Snapshot) {
  const kept = await db.$queryRaw<KeptCounts[]>`
    SELECT said->>'agency' AS agency, (asked->>'questionnaire')::int AS questionnaire, asked->>'question' AS question,
      (asked->>'respondents')::int AS respondents, asked->'counts' AS counts
    FROM (SELECT convert_from(content, 'UTF8')::jsonb AS said FROM published_figures
      WHERE sha256 = ANY(${asBytes(answerHashes(snapshot))}::bytea[])) AS kept, jsonb_array_elements(said->'questions') AS asked`
  return archivedAnswers(snapshot, kept)
}

/** Returns one row per option of every question at every agency, with the interval that the page showed that day. */
function archivedAnswers(snapshot: Snapshot, kept: readonly KeptCounts[]) {
  const names = new Map(snapshot.agencies.map(({ id, vi, en }) => [id, { vi, en }]))
  const byQuestion = Map.groupBy(kept, ({ agency, questionnaire, question }) =>
    [agency, String(questionnaire).padStart(6, '0'), question].join(' '),
  )
  return [...byQuestion]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, some]) => {
      const [{ agency, questionnaire, question } = { agency: '', questionnaire: 0, question: '' }] = some
      const counts = some.reduce<Counts>((sum, one) => add(sum, one.counts), {})
      const respondents = some.reduce((sum, one) => sum + one.respondents, 0)
      const tally = { respondents, counts, dispersion: snapshot.dispersion.factor }
      return Object.keys(counts)
        .toSorted()
        .map((option) => {
          const one = chosen(tally, option)
          return {
            agency,
            name_vi: names.get(agency)?.vi ?? null,
            name_en: names.get(agency)?.en ?? null,
            questionnaire,
            question,
            option,
            count: counts[option] ?? 0,
            respondents,
            share: one && toTenThousandths(one.share),
            low: one && toTenThousandths(one.low),
            high: one && toTenThousandths(one.high),
            as_of: snapshot.takenOn,
          }
        })
    })
}

/** Returns the hashes of the survey's counts by agency and month, without the splits by channel or code. */
const answerHashes = ({ tables }: Snapshot): string[] =>
  tables
    .filter(({ table }) => table.startsWith('results.') && !table.endsWith('.splits'))
    .map(({ sha256 }) => sha256)

export async function readArchivedBlocking(snapshot: Snapshot) {
  const kept = await db.publishedFigures.findMany({
    where: { sha256: { in: asBytes(figureHashes(snapshot)) } },
    select: { content: true },
  })
  return blockingRows(kept.map(({ content }) => JSON.parse(new TextDecoder().decode(content)) as KeptFigures))
}

/**
 * Returns the evaluation set for blocking: one row per month and area, and one without an area for the city. No row
 * describes a person.
 */
const blockingRows = (kept: readonly KeptFigures[]) =>
  kept
    .toSorted((a, b) => (a.month < b.month ? -1 : 1))
    .flatMap(({ month, city, areas }) =>
      [{ ...city, area: '' }, ...areas].map((row) => ({
        month,
        area: row.area,
        robbed: row.robbed,
        snatched: row.snatched,
        stolen: row.stolen,
        lost: row.lost,
        reported: row.reported,
        blocked_in_time: row.blockedInTime,
        verified: row.verified,
        blocked: row.blocked,
        recovered: row.recovered,
        wrong: row.wrong,
      })),
    )

const figureHashes = ({ tables }: Snapshot): string[] =>
  tables.filter(({ table }) => table.startsWith('figures.')).map(({ sha256 }) => sha256)
