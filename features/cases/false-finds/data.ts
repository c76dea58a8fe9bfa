import '#server-only'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import { db, rawQuery, sql, type Tx } from '#platform/db.ts'
import { statesThat } from '../record/state-rules.ts'

/** The days after sending on which the person of a case is warned. */
const WARNED_ON = [7, 30] as const
/** A warning this many days old or less counts as the present one. */
const LATELY = 20
const BATCH = 100

/** States in which the phone is missing, as far as is known: no block is being lifted, and the case has not ended. */
const GONE = statesThat(({ active, block }) => active && block !== 'lifting')

const isDue = (now: Instant) => {
  const [first, second] = WARNED_ON.map((day) => [
    addMilliseconds(now, -(day + 1) * DAY),
    addMilliseconds(now, -day * DAY),
  ])
  return sql`c.state_text = ANY (${[...GONE]}::text[]) AND c.contact_kind IS NOT NULL
    AND (c.submitted_at > ${first?.[0]} AND c.submitted_at <= ${first?.[1]}
      OR c.submitted_at > ${second?.[0]} AND c.submitted_at <= ${second?.[1]})
    AND NOT EXISTS (SELECT FROM notices n WHERE n.case_id = c.id AND n.template = 'beware'
      AND n.created_at > ${addMilliseconds(now, -LATELY * DAY)})`
}

export async function casesToWarn(now: Instant, after: string | null): Promise<readonly string[]> {
  const rows = await rawQuery<{ id: string }>(
    db,
    sql`SELECT c.id FROM cases c WHERE ${isDue(now)} AND (${after}::uuid IS NULL OR c.id > ${after}::uuid)
      ORDER BY c.id LIMIT ${BATCH}`,
  )
  return rows.map(({ id }) => id)
}

/** Locks a case whose warning is still due until the transaction ends, and returns its number; null if it is not due. */
export async function lockToWarn(tx: Tx, id: string, now: Instant): Promise<string | null> {
  await rawQuery(tx, sql`SELECT FROM cases WHERE id = ${id}::uuid FOR UPDATE`)
  // Checked after waiting for the lock: another worker may have warned meanwhile.
  const [row] = await rawQuery<{ number: string }>(
    tx,
    sql`SELECT c.number FROM cases c WHERE c.id = ${id}::uuid AND ${isDue(now)}`,
  )
  return row?.number ?? null
}
