import '#server-only'
import { RECORDS, type RecordKindName, recordSql } from './records-rules.ts'
import type { DataCheckRun, Read } from './rules.ts'

const PAGE = 500

const FIRST = '00000000-0000-0000-0000-000000000000'
const CASES = 'SELECT id FROM cases WHERE id > $1::uuid AND $2::bigint IS NULL'
const SPOKEN_OF = `SELECT id FROM cases WHERE id > $1::uuid AND id IN (
  SELECT case_id::uuid FROM audit_entries WHERE audit_entries.id > $2::bigint AND case_id IS NOT NULL)`

/**
 * Reads cases by id, page by page, and returns their number. Without `since` reads all, else those that newer entries mention.
 */
export async function eachCases(
  { read, since }: Pick<DataCheckRun, 'read' | 'since'>,
  compare: (ids: readonly string[]) => Promise<void>,
): Promise<number> {
  let [after, count] = [FIRST, 0]
  for (;;) {
    const found = await read<{ id: string }>(
      `${since === null ? CASES : SPOKEN_OF} ORDER BY id LIMIT ${PAGE}`,
      [after, since],
    )
    const ids = found.map(({ id }) => id)
    if (ids.length > 0) await compare(ids)
    count += ids.length
    after = ids.at(-1) ?? after
    if (ids.length < PAGE) return count
  }
}

type Hashes = Readonly<Record<string, string>>
interface Recorded {
  readonly id: string
  readonly now: Hashes | null
  readonly entry: string | null
  readonly act: string | null
  readonly record: Hashes | null
}

/** Returns things by id, each with its newest record; `of` is the condition that finds a thing's entries by `s.id`. */
export const readRecorded = (
  read: Read,
  kind: RecordKindName,
  ids: readonly string[],
  of: string,
): Promise<Recorded[]> =>
  read<Recorded>(
    `SELECT s.id, ${recordSql(kind)} AS now, last.id::text AS entry, last.act, last.record
     FROM unnest($1::text[]) AS s(id)
     LEFT JOIN LATERAL (
       SELECT e.id, e.act, e.facts->'record' AS record FROM audit_entries e
       WHERE ${of} AND e.facts ? 'record' ORDER BY e.id DESC LIMIT 1
     ) last ON true ORDER BY s.id`,
    [ids],
  )

const PART_WORDS: Readonly<Record<string, string>> = {
  row: 'what it is',
  numbers: 'its IMEIs',
  history: 'its history',
  checks: 'its proof checks',
  files: 'its files',
  consents: 'its consents',
  passkeys: 'its passkeys',
  recovery: 'its recovery codes',
  keys: 'its API keys',
  changes: 'the changes of its promise',
  dataset: 'its dataset',
}

export const differingParts = (now: Hashes | null, record: Hashes): string[] =>
  [...new Set([...Object.keys(record), ...Object.keys(now ?? {})])].filter(
    (part) => now?.[part] !== record[part],
  )

export const sayDiffering = (what: string, parts: readonly string[], entry: string, act: string): string =>
  `${what}: ${parts.map((part) => PART_WORDS[part] ?? part).join(', ')} not as entry ${entry} (${act}) left it`

/**
 * Compares all rows of a small table with their newest records, even if only newer entries are read: a row inserted without the
 * log has no entry.
 */
export async function compareAll(
  { read, fault, note }: DataCheckRun,
  kind: Exclude<RecordKindName, 'case'>,
  {
    ids,
    what,
    mustExist = ids,
  }: { readonly ids: string; readonly what: string; readonly mustExist?: string | null },
): Promise<number> {
  const all = (await read<{ id: string }>(ids)).map(({ id }) => id)
  const of = `e.subject_kind = '${kind}' AND e.subject_id = s.id`
  const found = await readRecorded(read, kind, all, of)
  let old = 0
  for (const { id, now, entry, act, record } of found) {
    if (entry === null || act === null || record === null) old++
    else {
      const parts = differingParts(now, record)
      if (parts.length > 0) fault(sayDiffering(`${what} ${id}`, parts, entry, act))
    }
  }
  const without = await read<{ id: string }>(
    `SELECT s.id FROM unnest($1::text[]) AS s(id)
     WHERE NOT EXISTS (SELECT FROM audit_entries e WHERE ${of}) ORDER BY s.id`,
    [all],
  )
  for (const { id } of without) fault(`${what} ${id} is in the database, and no entry speaks of it`)
  if (old > without.length)
    note(`${old - without.length} are as of before entries said what they left: known by name alone`)
  if (mustExist !== null) {
    const { acts } = RECORDS[kind]
    const gone = await read<{ id: string }>(
      `SELECT DISTINCT e.subject_id AS id FROM audit_entries e
       WHERE e.act = ANY ($1) AND e.subject_kind = $2 AND e.facts ? 'record'
         AND NOT EXISTS (SELECT FROM (${mustExist}) kept WHERE kept.id = e.subject_id)`,
      [acts, kind],
    )
    for (const { id } of gone) fault(`${what} ${id} has entries in the log and is not in the database`)
  }
  return all.length
}
