import '#server-only'
import { ruleOf } from '#features/cases/moves/rules.ts'
import { BLOCK_PASSED } from '#features/cases/remedies/last-box-rules.ts'
import { db, type Tx } from '#platform/db.ts'

/** States in which a person is told of the block that passed from their case to another. */
const TOLD = [...ruleOf('other_block_lifted').from]

/** Returns some cases whose review has begun or ended before their holders were told. */
export async function listReviewsUntold(): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT c.id FROM objections o JOIN cases c ON c.id = o.against_id
    WHERE o.state = 'granted' AND (o.hearing_until IS NULL) = (
      c.review_asked_at > c.overturned_at AND c.approved_at IS NULL
      AND c.state_text IN ('submitted', 'under_review', 'info_requested', 'verified'))
    ORDER BY c.id LIMIT 100`
  return rows.map(({ id }) => id)
}

/**
 * Locks the cases that lost or left a conflict in which the block of one of a case's phones passed. Returns for each what its
 * person was last told of that block, and whether two people have approved the phone's present block; null if it is not blocked.
 */
export async function lockLosers(tx: Tx, caseId: string) {
  await tx.$queryRaw`
    SELECT FROM cases WHERE erased_at IS NULL AND state_text = ANY(${TOLD}::text[]) AND id IN (
      SELECT o.case_id FROM case_imeis i JOIN case_imeis o USING (key14)
      WHERE i.case_id = ${caseId}::uuid AND o.case_id <> i.case_id)
    ORDER BY id FOR NO KEY UPDATE`
  return tx.$queryRaw<{ id: string; told: string | null; approved: boolean | null }[]>`
    WITH phones AS (SELECT key14 FROM case_imeis WHERE case_id = ${caseId}::uuid),
    sides AS (SELECT DISTINCT case_id AS id FROM case_imeis JOIN phones USING (key14))
    SELECT c.id,
      (SELECT e.move FROM case_events e WHERE e.case_id = c.id AND e.seq > lost.seq
        AND e.move IN ('other_block_final', 'other_block_lifted') ORDER BY e.seq DESC LIMIT 1) AS told,
      (SELECT bool_or(b.hold_until IS NULL) FROM case_imeis own JOIN phones USING (key14)
        JOIN case_imeis i USING (key14) JOIN cases b ON b.id = i.case_id
        WHERE own.case_id = c.id AND i.is_public) AS approved
    FROM sides JOIN cases c USING (id) CROSS JOIN LATERAL (
      -- What settled its claim last: a claim that was upheld later, or has a block of its own, is not told.
      SELECT e.seq, e.at, e.move, e.reason_code FROM case_events e
      WHERE e.case_id = c.id
        AND e.move IN ('overruled', 'finish_withdrawal', 'expire', 'upheld', 'keep_block', 'confirm_hold', 'approve')
      ORDER BY e.seq DESC LIMIT 1) lost
    WHERE c.erased_at IS NULL AND c.state_text = ANY(${TOLD}::text[])
      AND (lost.reason_code = ${BLOCK_PASSED} OR lost.move = 'overruled'
        AND EXISTS (SELECT FROM case_events e JOIN sides ON sides.id = e.case_id
          WHERE e.move = 'overruled' AND e.reason_code = 'other_claim_blocked' AND e.at = lost.at))
    ORDER BY c.id`
}
