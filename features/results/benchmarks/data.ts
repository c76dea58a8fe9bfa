import '#server-only'
import { db, type Tx } from '#platform/db.ts'
import { type Benchmark, type Measure, WHOLE_CITY } from './rules.ts'

/** Keeps benchmarks; one told before is replaced. Returns how many are new or differ. */
export async function keepBenchmarks(
  tx: Tx,
  benchmarks: readonly Benchmark[],
  source: string,
  toldOn: string,
): Promise<number> {
  const rows = benchmarks.map(({ agencyId, ...rest }) => ({ agency_id: agencyId, ...rest }))
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

/** Returns the newest figure of each index about an agency, or about the whole City where it has none of the agency. */
export async function readBenchmarks(agencyId: string) {
  const rows = await db.surveyBenchmark.findMany({
    where: { agencyId: { in: [agencyId, WHOLE_CITY] } },
    orderBy: [{ measure: 'asc' }, { agencyId: 'desc' }, { period: 'desc' }],
  })
  const newest = new Map<string, (typeof rows)[number]>()
  for (const row of rows) if (!newest.has(row.measure)) newest.set(row.measure, row)
  return [...newest.values()].map(({ measure, toldOn, ...row }) => ({
    ...row,
    measure: measure as Measure,
    toldOn: toldOn.toISOString().slice(0, 10),
  }))
}
