import '#server-only'
import { ENOUGH_FOR_SHARE, FEWEST_ORDERS } from '#features/statistics/rules.ts'
import { toBase64 } from '#lib/transparency/base64.ts'
import { GrowingTree, leafHash } from '#lib/transparency/tree.ts'
import { sha256 } from '#platform/signatures.ts'
import type { DataCheck } from './rules.ts'

const KEPT = `kept AS MATERIALIZED (
  SELECT t.name, t.published_at, convert_from(f.content, 'UTF8')::jsonb AS said
  FROM published_tables t JOIN published_figures f ON f.sha256 = t.sha256)`

/** Returns SQL: no table of this kind has been published for more than an hour. After an upgrade the missing ones follow soon. */
const hasHardlyBegun = (kind: 'results' | 'figures'): string =>
  `NOT EXISTS (SELECT FROM published_tables WHERE name LIKE '${kind}.%' AND published_at < now() - interval '1 hour')`

/**
 * Finds survey counts that differ from their published table. Counts that only grew, in a month that has not been over for a
 * day, wait for their entry.
 */
const MONTHS = `WITH ${KEPT}, asked AS (
    SELECT k.name, k.said->>'agency' AS agency, (k.said->>'month' || '-01')::date AS month, q.said AS row
    FROM kept k, jsonb_array_elements(k.said->'questions') AS q (said)
    WHERE k.name LIKE 'results.%' AND k.name NOT LIKE '%.splits')
  SELECT coalesce(a.name, 'results.' || m.agency_id || '.' || to_char(m.month, 'YYYY-MM')) AS name,
    (a.name IS NULL AND ${hasHardlyBegun('results')} AND NOT EXISTS (
        SELECT FROM kept k WHERE k.name = 'results.' || m.agency_id || '.' || to_char(m.month, 'YYYY-MM')))
      OR coalesce(m.month, a.month) + interval '1 month 1 day' > now() AND m.agency_id IS NOT NULL
      AND m.respondents >= coalesce((a.row->>'respondents')::int, 0) AND NOT EXISTS (
        SELECT FROM jsonb_each_text(a.row->'counts') AS o (code, people)
        WHERE coalesce((m.counts->>o.code)::int, 0) < o.people::int) AS waits
  FROM asked a FULL JOIN survey_months m ON m.agency_id = a.agency AND m.month = a.month
    AND m.questionnaire_version = (a.row->>'questionnaire')::int AND m.question = a.row->>'question'
  WHERE m.counts IS DISTINCT FROM a.row->'counts' OR m.respondents IS DISTINCT FROM (a.row->>'respondents')::int`

const CELLS = `SELECT DISTINCT coalesce(c.agency_id, m.agency_id) AS agency, coalesce(c.question, m.question) AS question
  FROM (SELECT agency_id, questionnaire_version, question, code, people::int AS people
    FROM survey_cells, jsonb_each_text(published || jsonb_build_object('', respondents)) AS o (code, people)) c
  FULL JOIN (SELECT agency_id, questionnaire_version, question, code, sum(people::int)::int AS people
    FROM survey_months, jsonb_each_text(counts || jsonb_build_object('', respondents)) AS o (code, people)
    GROUP BY 1, 2, 3, 4) m USING (agency_id, questionnaire_version, question, code)
  WHERE coalesce(c.people, 0) <> coalesce(m.people, 0) ORDER BY 1, 2`

/**
 * Finds months of `/so-lieu` that differ from their published table, or have none: every count by area and hour, the share from
 * the true counts, and each carrier's speed.
 */
const FIGURES = `WITH ${KEPT}, figures AS (SELECT said, said->>'month' AS month FROM kept WHERE name LIKE 'figures.%'), told AS (
    SELECT to_char(f.month, 'YYYY-MM') AS month, f.split || ' ' || s.key AS row,
      CASE f.measure WHEN 'in_time' THEN 'blockedInTime' ELSE f.measure END AS measure, s.value::numeric AS count
    FROM facts_months f, jsonb_each_text(f.shown) AS s
    UNION ALL SELECT to_char(r.month, 'YYYY-MM'), 'city', 'share', round(100.0 * i.counted / r.counted) / 100
    FROM facts_months r JOIN facts_months i ON i.month = r.month AND i.split = r.split AND i.measure = 'in_time'
    WHERE r.split = 'area' AND r.measure = 'reported' AND r.counted > 0
      AND (SELECT sum(shown::int) FROM jsonb_each_text(r.shown) AS s (area, shown)) >= ${ENOUGH_FOR_SHARE}
    UNION ALL SELECT to_char(c.month, 'YYYY-MM'), 'carrier ' || c.carrier_id, m.key, m.value
    FROM facts_carriers c, LATERAL (VALUES ('orders', c.orders::numeric), ('share', round(100.0 * c.within_24h / c.orders) / 100),
      ('medianSeconds', c.median_seconds), ('p90Seconds', c.p90_seconds)) AS m (key, value)
    WHERE c.orders >= ${FEWEST_ORDERS}),
  said AS (
    SELECT f.month, of.kind || coalesce(' ' || (r.said->>of.kind), '') AS row, c.key AS measure, c.value::numeric AS count
    FROM figures f, LATERAL (VALUES ('area', f.said->'areas'), ('hour', f.said->'hours'), ('carrier', f.said->'carriers'),
      ('city', jsonb_build_array(jsonb_build_object('share', f.said->'city'->'share')))) AS of (kind, list),
      jsonb_array_elements(of.list) AS r (said), jsonb_each_text(r.said) AS c
    WHERE c.key <> of.kind)
  SELECT DISTINCT month FROM told FULL JOIN said USING (month, row, measure)
  WHERE coalesce(told.count, 0) <> coalesce(said.count, 0)
    AND NOT (${hasHardlyBegun('figures')} AND month NOT IN (SELECT month FROM figures))
  ORDER BY 1`

/** Compares the public tables of counts with the entries that published them, and the counts with the tables. */
export const figuresCheck: DataCheck = {
  name: 'published figures',
  async run({ read, fault, note }) {
    const tables = await read<{ name: string; entry: string | null; same: boolean | null; kept: boolean }>(
      `SELECT coalesce(t.name, e.name) AS name, e.id::text AS entry, encode(t.sha256, 'hex') = e.sha256 AS same,
         t.name LIKE 'report.%' OR EXISTS (SELECT FROM published_figures f WHERE f.sha256 = t.sha256) AS kept
       FROM published_tables t FULL JOIN (
         SELECT DISTINCT ON (subject_id) subject_id AS name, id, facts->>'sha256' AS sha256 FROM audit_entries
         WHERE act = 'figures.published' ORDER BY subject_id, id DESC) e ON e.name = t.name
       ORDER BY 1`,
    )
    for (const { name, entry, same, kept } of tables) {
      if (entry === null) fault(`the table ${name} was published by no entry`)
      else if (same !== true) fault(`the table ${name} is not what entry ${entry} published`)
      else if (!kept) fault(`what entry ${entry} published of ${name} is not kept`)
    }
    const months = await read<{ name: string; waits: boolean }>(MONTHS)
    for (const name of new Set(months.filter(({ waits }) => !waits).map((one) => one.name)))
      fault(`the counts of ${name} are not what was published`)
    const waiting = new Set(months.filter(({ waits }) => waits).map(({ name }) => name)).size
    if (waiting > 0) note(`${waiting} tables have counts that wait for their entry, within ten minutes`)
    for (const { agency, question } of await read<{ agency: string; question: string }>(CELLS))
      fault(`question ${question} at ${agency} is not the sum of its months`)
    for (const { month } of await read<{ month: string }>(FIGURES))
      fault(`the figures of ${month} are not what was published`)
    return tables.length
  },
}

/** Compares each past month's receipts with their root in the log. */
export const receiptsCheck: DataCheck = {
  name: 'receipts of the survey',
  async run({ read, fault }) {
    const roots = await read<{
      month: string
      root: string | null
      entry: string
      said: string
      receipts: string
    }>(
      `SELECT e.subject_id AS month, encode(r.root, 'base64') AS root, e.id::text AS entry, e.facts->>'root' AS said,
         e.facts->>'receipts' AS receipts
       FROM audit_entries e LEFT JOIN survey_receipt_roots r ON r.month = (e.subject_id || '-01')::date
       WHERE e.act = 'survey.receipts_root' ORDER BY 1`,
    )
    for (const { month, root, entry, said, receipts } of roots) {
      if (root !== said) fault(`the root of ${month} is not what entry ${entry} says`)
      const leaves = await read<{ leaf: Uint8Array }>(
        `SELECT coalesce(leaf, sha256(number_hash)) AS leaf FROM survey_receipts
         WHERE received_month = ($1 || '-01')::date ORDER BY 1`,
        [month],
      )
      const tree = new GrowingTree(sha256)
      for (const { leaf } of leaves) tree.add(leafHash(sha256, leaf))
      if (tree.size !== Number(receipts))
        fault(`${month} has ${tree.size} receipts, and entry ${entry} says ${receipts}`)
      else if (toBase64(tree.root()) !== said)
        fault(`the receipts of ${month} are others than entry ${entry} says`)
    }
    return roots.length
  },
}

/** Finds questions with more published or held answers than were given: a counted answer was changed or removed. */
const CELLS_OF_ANSWERS = `WITH answered AS MATERIALIZED (
    SELECT agency_id, questionnaire_version, answers, count(*) AS people FROM survey_responses
    WHERE counted AND NOT same_network GROUP BY 1, 2, 3),
  given AS (
    SELECT agency_id, questionnaire_version, question, code, sum(people) AS people
    FROM answered, jsonb_each(answers) AS a (question, chosen), jsonb_array_elements_text(
      CASE jsonb_typeof(chosen) WHEN 'array' THEN chosen ELSE jsonb_build_array(chosen) END) AS c (code) GROUP BY 1, 2, 3, 4),
  told AS (
    SELECT agency_id, questionnaire_version, question, code, sum(people::int) AS people
    FROM survey_cells, LATERAL (SELECT * FROM jsonb_each_text(published) UNION ALL SELECT * FROM jsonb_each_text(held)) AS o (code, people)
    GROUP BY 1, 2, 3, 4)
  SELECT DISTINCT agency_id AS agency, question
  FROM told LEFT JOIN given USING (agency_id, questionnaire_version, question, code)
  WHERE coalesce(given.people, 0) < told.people ORDER BY 1, 2`

/**
 * Compares the survey's answers with its counts, which the published tables record: no entry has a person's answers. A run of
 * newer entries only compares the numbers of answers; a whole run also compares their content.
 */
export const answersCheck: DataCheck = {
  name: 'agencies’ answers',
  async run({ read, since, fault }) {
    const tallies = await read<{ agency: string; version: number; same: boolean }>(
      `SELECT agency_id AS agency, questionnaire_version AS version, coalesce((t.published, t.waiting) = (r.counted, r.waiting), false) AS same
       FROM survey_tallies t FULL JOIN (
         SELECT agency_id, questionnaire_version, count(*) FILTER (WHERE counted) AS counted, count(*) FILTER (WHERE NOT counted) AS waiting
         FROM survey_responses GROUP BY 1, 2) r USING (agency_id, questionnaire_version) ORDER BY 1, 2`,
    )
    for (const { agency, version, same } of tallies)
      if (!same) fault(`${agency} has another number of answers to version ${version} than was counted`)
    const cells = since === null ? await read<{ agency: string; question: string }>(CELLS_OF_ANSWERS) : []
    for (const { agency, question } of cells)
      fault(`question ${question} at ${agency} has fewer answers than its figures say`)
    return tallies.length
  },
}
