import '#server-only'
import { lockOpen } from '#features/approvals/data.ts'
import { Prisma } from '#generated/prisma/client.ts'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import { db, rawQuery, type Tx } from '#platform/db.ts'
import { oncePerPage } from '#platform/scope.ts'
import { LEGAL_HOLD_REQUEST_KEEPS, legalHoldSubject } from './rules.ts'

/**
 * Matches a case whose legal hold this database has lost: it was restored from an older backup and knows of the hold only by its
 * note (ADR 98). The case `c` is kept until the hold is placed again.
 */
export const LOST_LEGAL_HOLD = Prisma.sql`EXISTS (SELECT FROM erasures e WHERE e.kind = 'legal_hold' AND e.subject_id = c.id
  AND NOT EXISTS (SELECT FROM legal_holds h WHERE h.case_id = c.id AND h.placed_at >= e.at))`

/** Returns a case's legal hold in force, or null, and whether this database has lost one. */
export const readLegalHold = (caseId: string, tx: Tx = db) =>
  tx === db ? holdOfPage(caseId) : readHold(caseId, tx)

async function readHold(caseId: string, tx: Tx) {
  const [row] = await rawQuery<{ basis: string | null; placedAt: Date | null; isLost: boolean }>(
    tx,
    Prisma.sql`SELECT h.basis, h.placed_at AS "placedAt", ${LOST_LEGAL_HOLD} AS "isLost"
      FROM cases c LEFT JOIN legal_holds h ON h.case_id = c.id AND h.lifted_at IS NULL WHERE c.id = ${caseId}::uuid`,
  )
  const { basis = null, placedAt = null, isLost = false } = row ?? {}
  return { hold: basis === null || placedAt === null ? null : { basis, placedAt }, isLost }
}
const holdOfPage = oncePerPage((caseId) => readHold(caseId, db))

/** Tells whether a legal hold was asked for not long ago: what it would keep is not erased while another person looks at it. */
export async function legalHoldAskedLately(tx: Tx, caseId: string, now: Instant): Promise<boolean> {
  const open = await lockOpen(tx, legalHoldSubject(caseId))
  return open?.kind === 'case.legal_hold' && open.askedAt > addMilliseconds(now, -LEGAL_HOLD_REQUEST_KEEPS)
}
