import '#server-only'
import { Prisma } from '#generated/prisma/client.ts'
import { systemScope } from '#lib/access/scope.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { ofUnits } from '#platform/units.ts'
import type { WorkCount, WorkMeasure } from './rules.ts'

/**
 * Adds one to each of these counts of a unit's day. Each is its person's own row, so that two who work at once seldom wait
 * for each other; a move counts nothing twice.
 */
export async function countWork(
  tx: Tx,
  unitId: string,
  counts: readonly WorkCount[],
  now: Instant,
): Promise<void> {
  if (counts.length === 0) return
  const rows = counts
    .toSorted((a, b) => (a.accountId + a.measure < b.accountId + b.measure ? -1 : 1))
    .map(
      ({ accountId, measure, code }) =>
        Prisma.sql`(${unitId}, ${localDate(now)}::date, ${accountId}::uuid, ${measure}, ${code}, 1)`,
    )
  await tx.$executeRaw`
    INSERT INTO work_days (unit_id, day, account_id, measure, code, count) VALUES ${Prisma.join(rows)}
    ON CONFLICT (unit_id, day, account_id, measure, code) DO UPDATE SET count = work_days.count + 1`
}

interface WorkSum {
  readonly unitId: string
  readonly accountId: string
  readonly measure: WorkMeasure
  readonly code: string
  readonly count: number
}

/**
 * Returns the statement that sums the work of units, or of one person, since a local day; exported so that tests can check its
 * plan.
 */
export const writeSumsQuery = (
  of: { readonly unitIds: readonly string[] } | { readonly accountId: string },
  since: string,
): Prisma.Sql => Prisma.sql`
  SELECT unit_id AS "unitId", account_id AS "accountId", measure, code, sum(count)::int AS count
  FROM work_days WHERE ${whose(of)} AND day >= ${since}::date
  GROUP BY unit_id, account_id, measure, code`

const whose = (of: Parameters<typeof writeSumsQuery>[0]): Prisma.Sql =>
  'accountId' in of ? Prisma.sql`account_id = ${of.accountId}::uuid` : ofUnits(of, Prisma.sql`unit_id`)

export const listWorkSums = (...query: Parameters<typeof writeSumsQuery>): Promise<WorkSum[]> =>
  db.$queryRaw<WorkSum[]>(writeSumsQuery(...query))

export interface DecidedDay {
  /** A local day, `YYYY-MM-DD`. */
  readonly day: string
  readonly onTime: number
  readonly late: number
}

/** Deletes the figures of staff of days before one, of every unit; returns how many rows. */
export const forgetWork = async (before: Instant): Promise<number> =>
  (await inScope(systemScope(), () => db.workDay.deleteMany({ where: { day: { lt: before } } }))).count
