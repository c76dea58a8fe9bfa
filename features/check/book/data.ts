import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import { db, rawQuery, sql, type Tx } from '#platform/db.ts'
import { inWatches } from '../watches/data.ts'

/** How long after its purchase a phone's report is told to the shop. */
const TOLD_FOR = 30 * DAY

const IS_REPORTED = sql`EXISTS (
  SELECT 1 FROM case_imeis i WHERE i.is_public AND i.key14 = left(b.imei, 14)::character(14))`

export interface BookedPhone {
  readonly id: string
  readonly kind: 'bought' | 'sold'
  readonly imei: string
  readonly paper: string
  /** The check result when the line was written, and the one now; null if it was not asked. */
  readonly reported: boolean
  readonly reportedNow: boolean | null
  readonly at: Instant
}

/** Returns lines of a shop's own book after a given line, the newest first; empty for other actors. */
export const bookOf = async (
  actor: StaffActor,
  most: number,
  after?: Pick<BookedPhone, 'at' | 'id'>,
): Promise<readonly BookedPhone[]> =>
  may(actor.role, 'imei:check_list')
    ? inWatches(
        () => db.$queryRaw<BookedPhone[]>`
          SELECT b.id::text, b.kind::text, b.imei, b.paper, b.reported, b.at, ${IS_REPORTED} AS "reportedNow"
          FROM booked_phones b WHERE b.account_id = ${actor.id}::uuid
            AND ${after ? sql`b.at <= ${after.at} AND (b.at < ${after.at} OR b.id > ${after.id}::uuid)` : sql`true`}
          ORDER BY b.at DESC, b.id LIMIT ${most}`,
      )
    : []

/** Locks and returns lines of recently bought phones that are reported now, at most `most`. Concurrent runs take other lines. */
export const boughtAndReported = (tx: Tx, now: Instant, most: number) =>
  rawQuery<{ id: string; accountId: string }>(
    tx,
    sql`
      SELECT b.id::text, b.account_id::text AS "accountId" FROM booked_phones b
      WHERE b.kind = 'bought' AND NOT b.reported AND b.told_at IS NULL AND b.at > ${addMilliseconds(now, -TOLD_FOR)}
        AND ${IS_REPORTED}
      ORDER BY b.at, b.id LIMIT ${most} FOR UPDATE OF b SKIP LOCKED`,
  )
