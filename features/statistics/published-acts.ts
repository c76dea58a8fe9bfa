import '#server-only'
import { findChanged, lockPublished, publishChanged } from '#features/audit/published/acts.ts'
import { findLastLook } from '#features/audit/published/data.ts'
import type { PublicTable } from '#features/audit/published/rules.ts'
import {
  listTableMonths,
  readAgencyTables,
  readSplitTables,
  readVolumeTables,
} from '#features/results/published/data.ts'
import {
  type AgencyTable,
  changeFault,
  type SplitTable,
  splitFault,
} from '#features/results/published/rules.ts'
import type { Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { publicStamp } from '#platform/public-stamp.ts'
import { clearTrouble, reportTrouble } from '#platform/troubles.ts'
import { readAllFigures } from './published-data.ts'

/**
 * The stamp of the public data when all tables were last compared. Each process keeps its own, so another may compare
 * them again.
 */
let compared: string | null = null

interface Logged {
  readonly published: readonly string[]
  /** The tables with a change that no release can cause: they get no entry and keep differing from the log. */
  readonly refused: readonly string[]
}

const NOTHING: Logged = { published: [], refused: [] }

/**
 * Logs each public table that has changed, in a transaction of its own: in the transaction of an answer, the entry's
 * time would be the answer's (docs/adr/0134). Compares the tables only after something public has changed.
 */
export async function logChangedTables(now: Instant): Promise<Logged> {
  const [stamp, lastLooked] = [await publicStamp(), await findLastLook()]
  if (stamp === compared && lastLooked !== null) return NOTHING
  const done: Logged[] = []
  // The newest first: if this stops early, the remaining months have not changed.
  for (const month of (await listTableMonths()).toReversed())
    done.push(await logTables(() => readAgencyTables(month), lastLooked, now))
  done.push(await logTables(readSplitTables, lastLooked, now))
  done.push(await logTables(readVolumeTables, lastLooked, now))
  done.push(await logTables(readAllFigures, lastLooked, now))
  const refused = done.flatMap((one) => one.refused)
  if (refused.length > 0) await reportTrouble('figures-log', 'changed', { tables: refused.join(' ') })
  else await clearTrouble('figures-log')
  compared = stamp
  return { published: done.flatMap((one) => one.published), refused }
}

const logTables = (
  read: () => Promise<readonly PublicTable[]>,
  lastLooked: Instant | null,
  now: Instant,
): Promise<Logged> =>
  transaction(async (tx) => {
    await lockPublished(tx)
    const changed = await findChanged(tx, await read())
    const refused = changed.filter(({ name, before, content }) =>
      isRefused(name, before, content, lastLooked),
    )
    const rest = changed.filter((table) => !refused.includes(table))
    await publishChanged(tx, rest, now)
    return { published: rest.map(({ name }) => name), refused: refused.map(({ name }) => name) }
  })

/**
 * Checks whether a change is forbidden: a month of `/so-lieu` is published once, a month of the survey and its splits only
 * grow, and a month that is over gets no table.
 */
function isRefused(name: string, before: unknown, after: object, lastLooked: Instant | null): boolean {
  if (name.startsWith('figures.')) return before !== null
  if (!name.startsWith('results.')) return false
  return name.endsWith('.splits')
    ? before !== null && splitFault(before as SplitTable, after as SplitTable)
    : changeFault(before as AgencyTable | null, after as AgencyTable, lastLooked) !== null
}
