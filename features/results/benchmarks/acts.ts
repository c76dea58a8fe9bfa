import '#server-only'
import { importTable, type TableSent } from '#features/ratings/volumes/acts.ts'
import { readAgencyVersions } from '#features/ratings/volumes/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { keepBenchmarks } from './data.ts'
import { benchmarkKey, readBenchmarkTable } from './rules.ts'

/** Takes the table of other indices' figures that a survey manager gives, all of it or none. Returns how many of its rows are new or differ. */
export const importBenchmarks = (actor: StaffActor, sent: TableSent, now: Instant) =>
  importTable(
    actor,
    sent,
    {
      name: 'survey.benchmarks',
      read: async (rows) =>
        readBenchmarkTable(rows, new Set((await readAgencyVersions()).map(({ id }) => id)), now),
      keyOf: benchmarkKey,
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
