import '#server-only'
import type { Instant } from '#lib/time.ts'
import { db } from './db.ts'

/** The tables that are kept by months, each a partition (docs/adr/0095): `keep_partitions` knows the same. */
export const MONTHLY_TABLES = ['survey_responses', 'survey_receipts', 'push_tries'] as const
export type MonthlyTable = (typeof MONTHLY_TABLES)[number]

interface KeptMonths {
  /** Names of partitions. */
  readonly made: readonly string[]
  readonly dropped: readonly string[]
  /** Rows that lay outside of all months and were taken into theirs. */
  readonly takenOver: number
}

/**
 * Makes the partitions of a table up to a month. Drops those in which every row is older than an instant (null: none).
 *
 * @throws where a lock on the table is not free within two seconds
 */
export async function keepMonths(
  table: MonthlyTable,
  until: Instant,
  before: Instant | null,
): Promise<KeptMonths> {
  const [kept] = await db.$queryRaw<KeptMonths[]>`
    SELECT made, dropped, taken_over::int AS "takenOver"
    FROM keep_partitions(${table}, ${until}::date, ${before}::timestamptz)`
  return kept ?? { made: [], dropped: [], takenOver: 0 }
}

/** Returns the tables with rows in their default partition. Nothing is lost, but an operator should find out why. */
export async function tablesWithRowsOutside(): Promise<MonthlyTable[]> {
  const rows = await db.$queryRaw<{ table: MonthlyTable }[]>`
    SELECT 'survey_responses' AS table WHERE EXISTS (SELECT FROM survey_responses_default)
    UNION ALL SELECT 'survey_receipts' WHERE EXISTS (SELECT FROM survey_receipts_default)
    UNION ALL SELECT 'push_tries' WHERE EXISTS (SELECT FROM push_tries_default)`
  return rows.map(({ table }) => table)
}
