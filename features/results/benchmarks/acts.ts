import '#server-only'
import { importTable, type TableSent } from '#features/ratings/volumes/acts.ts'
import { readAgencyVersions } from '#features/ratings/volumes/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { type Instant, localDate } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { type Benchmark, readBenchmarkTable } from './rules.ts'

/** Imports a survey manager's table of other indices, all or none. Returns how many of its rows are new or changed. */
export const importBenchmarks = (actor: StaffActor, sent: TableSent, now: Instant) =>
  importTable(
    actor,
    sent,
    {
      name: 'survey.benchmarks',
      read: async (rows) =>
        readBenchmarkTable(rows, new Set((await readAgencyVersions()).map(({ id }) => id)), now),
      keyOf: ({ agencyId, measure, period }: Benchmark) => `${agencyId} ${measure} ${period}`,
      keep: async (tx, benchmarks, source) => {
        const changed = await keepBenchmarks(tx, benchmarks, source, localDate(now))
        return {
          changed,
          facts: { measures: [...new Set(benchmarks.map(({ measure }) => measure))].join(' ') },
        }
      },
    },
    now,
  )

async function keepBenchmarks(tx: Tx, benchmarks: readonly Benchmark[], source: string, toldOn: string) {
  const rows = benchmarks.map(({ agencyId, ...rest }) => ({ agency_id: agencyId, ...rest }))
  // The log entry describes the whole table, so of two imports at once the second must wait.
  await tx.$executeRaw`LOCK TABLE survey_benchmarks IN SHARE ROW EXCLUSIVE MODE`
  return tx.$executeRaw`
    INSERT INTO survey_benchmarks AS b (agency_id, measure, period, value, ceiling, low, high, source, told_on)
    SELECT agency_id, measure, period, value, ceiling, low, high, ${source}, ${toldOn}::date
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS told (agency_id text, measure text, period text, value float8, ceiling float8, low float8, high float8)
    ORDER BY agency_id, measure, period
    ON CONFLICT (agency_id, measure, period) DO UPDATE SET value = EXCLUDED.value, ceiling = EXCLUDED.ceiling,
      low = EXCLUDED.low, high = EXCLUDED.high, source = EXCLUDED.source, told_on = EXCLUDED.told_on
    WHERE (b.value, b.ceiling, b.low, b.high, b.source)
      IS DISTINCT FROM (EXCLUDED.value, EXCLUDED.ceiling, EXCLUDED.low, EXCLUDED.high, EXCLUDED.source)`
}
