import '#server-only'
import type { Instant } from '#lib/time.ts'
import { db } from './db.ts'

/** The tables that are partitioned by month (docs/adr/0095); `keep_partitions` has the same list. */
export const MONTHLY_TABLES = ['survey_responses', 'survey_receipts', 'push_tries'] as const
export type MonthlyTable = (typeof MONTHLY_TABLES)[number]

interface KeptMonths {
  /** Names of partitions. */
  readonly made: readonly string[]
  readonly dropped: readonly string[]
  /** Rows of the default partition that were moved to their month. */
  readonly takenOver: number
}

/**
 * Creates a table's partitions up to a month. Drops those in which every row is older than an instant (null: none).
 *
 * @throws if a lock on the table is not available within two seconds
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
