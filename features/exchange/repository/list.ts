import '#server-only'
import { Prisma } from '#generated/prisma/client.ts'
import { LAST_TEST_IMEI } from '#lib/imei/imei.ts'
import { TIME_ZONE } from '#lib/time.ts'
import { db } from '#platform/db.ts'
import type { Delta, ImeiDigits } from '../rules/list-files.ts'

/** A book is append-only, so pages of one sequence always fit together, even where lines are added meanwhile. */
export interface ListQuery {
  readonly carrierId: string
  readonly seq: number
  readonly digits: ImeiDigits
  /** Rows read in one go. */
  readonly page: number
}

export interface ListPiece {
  /** CSV lines, each ended by a line feed. */
  readonly text: string
  readonly rows: number
}

/**
 * Reads the list in force at a sequence, as CSV in order of IMEI (features/exchange/rules/book.ts says what it means), a page
 * at a time: no transaction stays open and no cursor is held while the list is being read. It begins behind the numbers
 * of drills.
 */
export async function* listRows({ carrierId, seq, digits, page }: ListQuery): AsyncGenerator<ListPiece> {
  for (let after = LAST_TEST_IMEI; ; ) {
    const [read] = await db.$queryRaw<(ListPiece & { last: string })[]>`
      SELECT coalesce(string_agg(left(imei, ${digits}) || ',' || block_date || ',' || reasons || E'\n', '' ORDER BY imei), '') AS text,
        count(*)::int AS rows, max(imei) AS last
      FROM (
        SELECT imei::text, string_agg(DISTINCT reason::text, '|' ORDER BY reason::text) AS reasons,
          to_char(min(issued_at) AT TIME ZONE ${TIME_ZONE}, 'YYYYMMDD') AS block_date
        FROM (
          SELECT imei, seq, action, reason, issued_at,
            max(seq) FILTER (WHERE action = 'unblock') OVER (PARTITION BY imei) AS lifted
          FROM book_entries
          WHERE carrier_id = ${carrierId} AND imei > ${after} AND seq <= ${seq}
        ) line
        WHERE action = 'block' AND seq > coalesce(lifted, 0)
        GROUP BY line.imei
        -- By the column, not by its text: only so is the page read off the index, and the rest of the list left alone.
        ORDER BY line.imei LIMIT ${page}
      ) listed`
    if (!read || read.rows === 0) return
    after = read.last
    yield read
    if (read.rows < page) return
  }
}

export interface DeltaPiece extends ListPiece {
  readonly delta: Delta
}

/** Returns the SQL for an IMEI's row without the IMEI, as it stood at a sequence; null where it was not listed. */
const rowAt = (carrierId: string, seq: number) => Prisma.sql`(
  SELECT to_char(min(line.issued_at) AT TIME ZONE ${TIME_ZONE}, 'YYYYMMDD') || ',' ||
    string_agg(DISTINCT line.reason::text, '|' ORDER BY line.reason::text)
  FROM book_entries line
  WHERE line.carrier_id = ${carrierId} AND line.imei = touched.imei AND line.seq <= ${seq}
    AND line.action = 'block' AND line.seq > coalesce((
      SELECT max(lifted.seq) FROM book_entries lifted
      WHERE lifted.carrier_id = ${carrierId} AND lifted.imei = touched.imei AND lifted.seq <= ${seq}
        AND lifted.action = 'unblock'
    ), 0)
)`

/**
 * Reads what changed in the list between two sequences: which rows came, went, or stand there with another date or
 * other reasons; drills change nothing. Only IMEIs of the lines in between are looked at: it costs what changed, not
 * what is listed. A row that went reads as it was, the others as they are.
 */
export async function* deltaRows(
  { carrierId, seq, digits, page }: ListQuery,
  since: number,
): AsyncGenerator<DeltaPiece> {
  for (let after = LAST_TEST_IMEI; ; ) {
    const groups = await db.$queryRaw<(ListPiece & { delta: Delta | null; last: string })[]>`
      WITH touched AS MATERIALIZED (
        SELECT DISTINCT imei FROM book_entries
        WHERE carrier_id = ${carrierId} AND seq > ${since} AND seq <= ${seq} AND imei > ${after}
        ORDER BY imei LIMIT ${page}
      ), compared AS MATERIALIZED (
        SELECT imei::text, ${rowAt(carrierId, since)} AS was, ${rowAt(carrierId, seq)} AS now FROM touched
      ), named AS (
        SELECT imei, coalesce(now, was) AS listed, CASE WHEN was IS NOT DISTINCT FROM now THEN NULL
          WHEN was IS NULL THEN 'blocked' WHEN now IS NULL THEN 'unblocked' ELSE 'changed' END AS delta
        FROM compared
      )
      SELECT delta, count(*)::int AS rows, max(imei) AS last,
        coalesce(string_agg(left(imei, ${digits}) || ',' || listed || E'\n', '' ORDER BY imei)
          FILTER (WHERE delta IS NOT NULL), '') AS text
      FROM named GROUP BY delta`
    let touched = 0
    for (const { delta, rows, text, last } of groups) {
      touched += rows
      if (last > after) after = last
      if (delta !== null) yield { delta, rows, text }
    }
    if (touched < page) return
  }
}
