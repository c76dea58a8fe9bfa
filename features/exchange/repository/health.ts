import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import type { Instant } from '#lib/time.ts'
import { db, sql } from '#platform/db.ts'
import type { AnsweredDay, ContactDay, RefusalCount } from '../rules/health.ts'

const dayOf = (column: Prisma.Sql) => sql`((${column} AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)::text`
const ANSWERED = sql`settled_at IS NOT NULL AND drill_id IS NULL AND state IN ('applied', 'failed', 'superseded')`

/** Counts a carrier's answers by the day they came: an order that was sent again was refused before. */
export const answeredDays = (carrierId: string, since: Instant): Prisma.Sql => sql`
  SELECT ${dayOf(sql`settled_at`)} AS day,
    count(*) FILTER (WHERE state = 'applied')::int AS applied,
    count(*) FILTER (WHERE state <> 'applied')::int AS refused,
    (percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM settled_at - issued_at))
      FILTER (WHERE state = 'applied'))::float AS "medianSeconds",
    (percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM settled_at - issued_at))
      FILTER (WHERE state = 'applied'))::float AS "p90Seconds"
  FROM carrier_orders WHERE carrier_id = ${carrierId} AND settled_at >= ${since} AND ${ANSWERED}
  GROUP BY 1 ORDER BY 1`

export const refusalCounts = (carrierId: string, since: Instant): Prisma.Sql => sql`
  SELECT coalesce(failure_code, 'rejected') AS code, count(*)::int AS count
  FROM carrier_orders WHERE carrier_id = ${carrierId} AND settled_at >= ${since} AND ${ANSWERED} AND state <> 'applied'
  GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20`

/** Counts, by day, the hours in which a key was shown or a pushed message came through. */
export const contactDays = (carrierId: string, since: Instant): Prisma.Sql => sql`
  SELECT ${dayOf(sql`hour`)} AS day, count(*)::int AS hours FROM (
    SELECT date_trunc('hour', slot) AS hour FROM carrier_calls WHERE carrier_id = ${carrierId} AND slot >= ${since}
    UNION
    SELECT date_trunc('hour', at) FROM push_tries
    WHERE carrier_id = ${carrierId} AND at >= ${since} AND fault IS NULL
  ) contact GROUP BY 1 ORDER BY 1`

/** Asks when a carrier was first in contact, as far as that is kept, and when its first order was answered. */
export const firstSeen = (carrierId: string): Prisma.Sql => sql`
  SELECT least(
    (SELECT slot FROM carrier_calls WHERE carrier_id = ${carrierId} ORDER BY slot LIMIT 1),
    (SELECT at FROM push_tries WHERE carrier_id = ${carrierId} AND fault IS NULL ORDER BY at LIMIT 1)
  ) AS "notedSince", (
    SELECT settled_at FROM carrier_orders WHERE carrier_id = ${carrierId} AND settled_at IS NOT NULL AND drill_id IS NULL
    ORDER BY settled_at LIMIT 1
  ) AS "firstAnswer"`

/** Reads what a carrier's health is made of, from an instant on. */
export async function healthRows(carrierId: string, since: Instant) {
  const [answered, refusals, contact, [seen]] = await Promise.all([
    db.$queryRaw<AnsweredDay[]>(answeredDays(carrierId, since)),
    db.$queryRaw<RefusalCount[]>(refusalCounts(carrierId, since)),
    db.$queryRaw<ContactDay[]>(contactDays(carrierId, since)),
    db.$queryRaw<{ notedSince: Instant | null; firstAnswer: Instant | null }[]>(firstSeen(carrierId)),
  ])
  return { answered, refusals, contact, notedSince: null, firstAnswer: null, ...seen }
}
