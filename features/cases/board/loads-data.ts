import '#server-only'
import { Prisma } from '#generated/prisma/client.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'

/** The cases of one person that need work of police. */
export interface Load {
  readonly open: number
  /** Those of them on which another must act: the reporter, a second person, city police. */
  readonly waiting: number
  readonly overdue: number
  /** Due before the day is over, and not overdue. */
  readonly today: number
  /** When the oldest of them was sent; null where there is none. */
  readonly oldest: Instant | null
}

export const NO_LOAD: Load = { open: 0, waiting: 0, overdue: 0, today: 0, oldest: null }

/** Counting of one person's work stops here: no person works through more, and every page costs the same. */
export const MOST_HELD = 500

/**
 * Returns the statement that counts what some people have; apart, so that a test can ask the database how it would run
 * it. The citizen, not the police, is late with an answer.
 */
export const loadsQuery = (
  accountIds: readonly string[],
  now: Instant,
  endOfDay: Instant,
): Prisma.Sql => Prisma.sql`
  SELECT p.id AS "accountId", count(c.id)::int AS open,
    (count(c.id) FILTER (WHERE c.others))::int AS waiting,
    (count(c.id) FILTER (WHERE c.ours AND c.act_by < ${now}))::int AS overdue,
    (count(c.id) FILTER (WHERE c.ours AND c.act_by >= ${now} AND c.act_by < ${endOfDay}))::int AS today,
    min(c.submitted_at) AS oldest
  FROM unnest(${[...accountIds]}::uuid[]) AS p (id)
  LEFT JOIN LATERAL (
    SELECT c.id, c.act_by, c.submitted_at, (c.state <> 'info_requested' OR c.act_by < c.due_at) AS ours,
      (c.state = 'verified' OR (c.state = 'info_requested' AND c.act_by >= c.due_at) OR c.unblock_verified_by_id IS NOT NULL
        OR c.imeis_verified_by_id IS NOT NULL OR coalesce(c.held = 'conflict', false)) AS others
    FROM cases c WHERE c.assignee_id = p.id AND c.needs_work ORDER BY c.act_by, c.id LIMIT ${MOST_HELD}) c ON true
  GROUP BY p.id`

/** Returns what some people have, within the scope in force; those who have nothing with zeros. */
export async function loadsOf(
  accountIds: readonly string[],
  now: Instant,
  endOfDay: Instant,
  tx: Tx = db,
): Promise<ReadonlyMap<string, Load>> {
  if (accountIds.length === 0) return new Map()
  const rows = await tx.$queryRaw<(Load & { accountId: string })[]>(loadsQuery(accountIds, now, endOfDay))
  return new Map(rows.map(({ accountId, ...load }) => [accountId, load]))
}
