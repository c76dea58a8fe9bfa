import '#server-only'
import type { DataCheck } from './rules.ts'

const PAGE = 1_000

interface Row {
  readonly id: string
  readonly exists: boolean
  readonly erased: boolean
}

/** Finds cases that the log speaks of and the database has not: a removed case is no mistyped number. */
export const casesCheck: DataCheck = {
  name: 'cases',
  async run({ read, since, fault }) {
    let [after, count] = ['', 0]
    for (;;) {
      const rows = await read<Row>(
        `SELECT ids.id, c.id IS NOT NULL AS "exists", EXISTS (
           SELECT FROM audit_entries e WHERE e.case_id = ids.id AND e.act = 'case.erase') AS erased
         FROM (SELECT DISTINCT case_id AS id FROM audit_entries
               WHERE subject_kind = 'case' AND act IN ('case.submit', 'case.import') AND case_id > $1
                 AND id > coalesce($2::bigint, 0) ORDER BY case_id LIMIT ${PAGE}) ids
         LEFT JOIN cases c ON c.id = ids.id::uuid ORDER BY ids.id`,
        [after, since],
      )
      for (const { id, exists, erased } of rows)
        if (!exists && !erased) fault(`case ${id} has entries in the log and is not in the database`)
      count += rows.length
      after = rows.at(-1)?.id ?? after
      if (rows.length < PAGE) return count
    }
  },
}
