import '#server-only'
import { db } from '#platform/db.ts'

/** Tasks that went from one agency to another on a day, as a local date. */
export interface Handover {
  readonly on: string
  readonly from: string
  readonly to: string
  readonly basis: string
}

/**
 * Returns every reorganisation up to a local date that led to an agency, also over others in between; the latest first.
 */
export async function handoversTo(id: string, date: string): Promise<Handover[]> {
  const rows = await db.$queryRaw<(Omit<Handover, 'on'> & { readonly on: Date })[]>`
    WITH RECURSIVE led AS (
      SELECT "on", from_id, to_id, basis FROM agency_successions WHERE to_id = ${id} AND "on" <= ${date}::date
      UNION
      SELECT s."on", s.from_id, s.to_id, s.basis
      FROM agency_successions s JOIN led ON s.to_id = led.from_id AND s."on" <= led."on"
    )
    SELECT "on", from_id AS "from", to_id AS "to", basis FROM led ORDER BY "on" DESC, from_id`
  return rows.map(({ on, ...rest }) => ({ ...rest, on: on.toISOString().slice(0, 10) }))
}
