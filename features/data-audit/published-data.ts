import '#server-only'
import { createHash } from 'node:crypto'
import { fileKey, REPORT_FILES } from '#features/city-report/page-data.ts'
import { MissingFile, reportStorage } from '#platform/storage.ts'
import { compareAll, differingParts } from './compare-data.ts'
import { RECORDS, recordSql, SETS } from './records-rules.ts'
import type { DataCheck } from './rules.ts'

/** Compares each agency's public reply, and its promise with its day, with its newest entry. */
export const repliesCheck: DataCheck = {
  name: 'public replies',
  run: (of) =>
    compareAll(of, 'reply', { what: 'reply', ids: 'SELECT id::text AS id FROM survey_replies ORDER BY 1' }),
}

export const suggestionsCheck: DataCheck = {
  name: 'answers to suggestions',
  run: (of) =>
    compareAll(of, 'suggestion', {
      what: 'suggestion',
      ids: `SELECT id::text AS id FROM survey_suggestions WHERE state <> 'new' ORDER BY 1`,
      mustExist: 'SELECT id::text AS id FROM survey_suggestions',
    }),
}

/**
 * Compares each report (dataset, files, publication) with its newest entry, and the files in the store with the checksums in the
 * row.
 */
export const reportsCheck: DataCheck = {
  name: 'city reports',
  async run(of) {
    const count = await compareAll(of, 'report', {
      what: 'report',
      ids: `SELECT id::text AS id FROM survey_reports WHERE state = 'ready' ORDER BY 1`,
      mustExist: 'SELECT id::text AS id FROM survey_reports',
    })
    const made = await of.read<{ id: string; files: Readonly<Record<string, string>> }>(
      `SELECT id::text AS id, files FROM survey_reports
       WHERE state = 'ready' AND files IS NOT NULL AND redraw_asked_at IS NULL ORDER BY 1`,
    )
    for (const { id, files } of made)
      for (const { kind, locale } of REPORT_FILES) {
        const name = `${locale}.${kind}`
        const found = await sha256OfFile(fileKey(id, kind, locale))
        if (found === null) of.fault(`report ${id}: its file ${name} is gone`)
        else if (found !== files[name])
          of.fault(`report ${id}: its file ${name} is not the one that was made`)
      }
    return count
  },
}

async function sha256OfFile(key: string): Promise<string | null> {
  const hash = createHash('sha256')
  try {
    for await (const piece of await reportStorage().open(key)) hash.update(piece as Buffer)
    return hash.digest('hex')
  } catch (error) {
    if (error instanceof MissingFile) return null
    throw error
  }
}

/** Finds groups of excluded answers with a wrong number: no act of a person causes that. */
export const exclusionsCheck: DataCheck = {
  name: 'groups of answers kept out',
  async run({ read, fault }) {
    const groups = await read<{ id: string; said: number; found: number }>(
      `SELECT x.id::text AS id, x.count AS said, (SELECT count(*)::int FROM survey_excluded_responses r
         WHERE r.exclusion_id = x.id) AS found
       FROM survey_exclusions x WHERE x.reversed_at IS NULL ORDER BY 1`,
    )
    for (const { id, said, found } of groups)
      if (said !== found) fault(`group ${id} says ${said} answers, and ${found} are kept in it`)
    return groups.length
  },
}

/** Compares whole tables that come with a release, or are loaded by a command, with the entry of their last load. */
export const referenceCheck: DataCheck = {
  name: 'reference tables',
  async run({ read, fault, note }) {
    for (const set of SETS) {
      const [found] = await read<{
        now: Record<string, string> | null
        entry: string | null
        act: string | null
        record: Record<string, string> | null
      }>(
        `SELECT ${recordSql(set)} AS now, last.id::text AS entry, last.act, last.record FROM (SELECT '' AS id) s
         LEFT JOIN LATERAL (
           SELECT e.id, e.act, e.facts->'record' AS record FROM audit_entries e
           WHERE e.act = ANY ($1) AND e.facts->'record' ? $2 ORDER BY e.id DESC LIMIT 1) last ON true`,
        [[...RECORDS[set].acts, 'reference.loaded'], set],
      )
      if (!found?.entry || !found.record || !found.act) {
        note(`of ${set} no entry says yet what was loaded`)
        continue
      }
      const own = Object.keys(found.now ?? {})
      const record = Object.fromEntries(
        Object.entries(found.record).filter(([part]) => own.includes(part) || part === set),
      )
      for (const part of differingParts(found.now, record))
        fault(`the table of ${part} is not what entry ${found.entry} (${found.act}) says was loaded`)
    }
    return SETS.length
  },
}
