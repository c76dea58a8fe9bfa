import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { addMilliseconds, DAY, type Instant, localDate, TIME_ZONE } from '#lib/time.ts'
import { db } from '#platform/db.ts'
import { countsOf, EVENTS, type EventCount } from './rules.ts'

const ACTS = Object.values(EVENTS)

/** Counts the acts of the last hour, from the index of acts and times. */
export const countLastHour = async (): Promise<EventCount[]> =>
  countsOf(
    await db.$queryRaw<{ act: string; by: string; count: number }[]>`
      SELECT act, actor_kind::text AS by, count(*)::int AS count FROM audit_entries
      WHERE act = ANY (${ACTS}) AND at > now() - interval '1 hour' GROUP BY act, actor_kind`,
  )

/** Today included. */
export const SHOWN_DAYS = 14

export interface BusinessDay {
  readonly day: string
  readonly counts: readonly EventCount[]
}

/** Returns the page's days, newest first, with empty days too; null without the permission. */
export async function readBusinessDays(reader: StaffActor, now: Instant): Promise<BusinessDay[] | null> {
  if (!may(reader.role, 'installation:read')) return null
  const days = Array.from({ length: SHOWN_DAYS }, (_, ago) => localDate(addMilliseconds(now, -ago * DAY)))
  const rows = await db.$queryRaw<
    { readonly day: string; readonly act: string; readonly by: string; readonly count: number }[]
  >`
    SELECT to_char(at AT TIME ZONE ${TIME_ZONE}, 'YYYY-MM-DD') AS day, act, actor_kind::text AS by, count(*)::int AS count
    FROM audit_entries
    WHERE act = ANY (${ACTS}) AND at >= (${days.at(-1)}::date::timestamp AT TIME ZONE ${TIME_ZONE})
    GROUP BY 1, 2, 3`
  return days.map((day) => ({ day, counts: countsOf(rows.filter((row) => row.day === day)) }))
}
