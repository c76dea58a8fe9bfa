import '#server-only'
import { db } from '#platform/db.ts'

/** Returns cases whose review has begun or ended without its holders having been told, a few at a time. */
export async function reviewsUntold(): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT c.id FROM objections o JOIN cases c ON c.id = o.against_id
    WHERE o.state = 'granted' AND (o.hearing_until IS NULL) = (
      c.review_asked_at > c.overturned_at AND c.approved_at IS NULL
      AND c.state_text IN ('submitted', 'under_review', 'info_requested', 'verified'))
    ORDER BY c.id LIMIT 100`
  return rows.map(({ id }) => id)
}
