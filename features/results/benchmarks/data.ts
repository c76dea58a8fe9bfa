import '#server-only'
import { db } from '#platform/db.ts'
import { byPeriod, type Measure, WHOLE_CITY } from './rules.ts'

/** Returns the newest figure of each index for an agency; for the whole City where the index has none for the agency. */
export async function readBenchmarks(agencyId: string) {
  const rows = await db.surveyBenchmark.findMany({
    where: { agencyId: { in: [agencyId, WHOLE_CITY] } },
    orderBy: [{ measure: 'asc' }, { agencyId: 'desc' }],
  })
  const newest = new Map<string, (typeof rows)[number]>()
  for (const row of rows) {
    const found = newest.get(row.measure)
    if (!found || (found.agencyId === row.agencyId && byPeriod(row, found) < 0)) newest.set(row.measure, row)
  }
  return [...newest.values()].map(({ measure, toldOn, ...row }) => ({
    ...row,
    measure: measure as Measure,
    toldOn: toldOn.toISOString().slice(0, 10),
  }))
}
