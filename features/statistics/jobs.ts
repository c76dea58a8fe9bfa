import '#server-only'
import { places } from '#features/areas/data.ts'
import { findChanged, lockPublished, publishChanged } from '#features/audit/published/acts.ts'
import { firstDay, type Month, monthOf, monthsLater } from '#features/results/rules.ts'
import { systemScope } from '#lib/access/scope.ts'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { log } from '#platform/log.ts'
import type { Job } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { takeSnapshot } from './archive/acts.ts'
import { countEvents, countReports, findLastPublished, measureCarriers } from './data.ts'
import { logChangedTables } from './published-acts.ts'
import { readFiguresTable } from './published-data.ts'
import {
  BLOCKED_WITHIN_DAYS,
  beginOf,
  type Carries,
  carryKey,
  columnsOf,
  HOURS,
  type MeasureColumn,
  type MonthMeasure,
  type Split,
} from './rules.ts'

export const jobs: readonly Job[] = [
  {
    queue: 'facts',
    schedule: '*/10 * * * *',
    run: async (_, now) => {
      const months = await publishFacts(now)
      if (months.length > 0) log().info({ months }, 'figures published')
    },
  },
  {
    queue: 'figures-log',
    schedule: '*/10 * * * *',
    atStart: true,
    run: async (_, now) => {
      const { published, refused } = await logChangedTables(now)
      if (published.length > 0) log().info({ tables: published.length }, 'public tables entered in the log')
      if (refused.length > 0)
        log().error({ tables: refused }, 'public tables changed as no release changes them')
      else {
        const month = await takeSnapshot(now)
        if (month !== null) log().info({ month }, 'the open data of this month were put into the archive')
      }
    },
  },
]

/** Publishes every complete month that is not published yet, each in its own transaction. Returns these months. */
export async function publishFacts(now: Instant): Promise<Month[]> {
  const published: Month[] = []
  for (;;) {
    const month = await inScope(systemScope(), () => transaction((tx) => publishNext(tx, now)))
    if (month === null) return published
    published.push(month)
  }
}

async function publishNext(tx: Tx, now: Instant): Promise<Month | null> {
  await lockPublication(tx)
  const last = await findLastPublished(tx)
  const month = last ? monthsLater(last, 1) : await findFirstReported(tx)
  if (month === null || publishableFrom(month) > now) return null
  const span = { from: beginOf(month), to: beginOf(monthsLater(month, 1)) }
  const reports = await countReports(tx, span, BLOCKED_WITHIN_DAYS)
  const counted = { area: [...reports.area, ...(await countEvents(tx, span))], hour: reports.hour }
  const counts = new Set(counted.area.map(({ row }) => row))
  const { areas, named } = await places(tx)
  // A case counts in the area where it happened, of any edition.
  const ids = new Set([...areas.map(({ id }) => id), ...[...named.keys()].filter((id) => counts.has(id))])
  const rows = { area: [...ids], hour: HOURS }
  const carries = last ? await readCarries(tx, last) : new Map<string, number>()
  await addColumns(tx, month, columnsOf(rows, counted, carries))
  await measureCarriers(tx, month, span)
  await lockPublished(tx)
  const table = await readFiguresTable(month, tx)
  if (table) await publishChanged(tx, await findChanged(tx, [table]), now)
  return month
}

/** Returns when a month is published, once: from then on, nothing counted in it can change. */
const publishableFrom = (month: Month): Instant =>
  addMilliseconds(beginOf(monthsLater(month, 1)), BLOCKED_WITHIN_DAYS * DAY)

async function readCarries(tx: Tx, month: Month): Promise<Carries> {
  const rows = await tx.factsMonth.findMany({
    where: { month: firstDay(month) },
    select: { split: true, measure: true, carry: true },
  })
  return new Map(
    rows.map(({ split, measure, carry }) => [
      carryKey({ split: split as Split, measure: measure as MonthMeasure }),
      carry,
    ]),
  )
}

async function addColumns(tx: Tx, month: Month, columns: readonly MeasureColumn[]): Promise<void> {
  await tx.factsMonth.createMany({
    data: columns.map(({ shown, ...column }) => ({ ...column, month: firstDay(month), shown: { ...shown } })),
  })
}

async function findFirstReported(tx: Tx): Promise<Month | null> {
  const row = await tx.case.findFirst({ orderBy: { submittedAt: 'asc' }, select: { submittedAt: true } })
  return row && monthOf(row.submittedAt)
}

/** Lets only one worker at a time publish; the others then find it done. */
const lockPublication = (tx: Tx): Promise<unknown> =>
  tx.$queryRaw`SELECT 1 FROM pg_advisory_xact_lock(hashtext('facts'))`
