import '#server-only'
import { lockOpen } from '#features/approvals/data.ts'
import { Prisma } from '#generated/prisma/client.ts'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { oncePerPage } from '#platform/scope.ts'
import { LEGAL_HOLD_REQUEST_KEEPS, legalHoldSubject } from './rules.ts'

export const findLegalHold = (caseId: string, tx: Tx = db) =>
  tx === db ? holdOfPage(caseId) : readHold(caseId, tx)

const readHold = (caseId: string, tx: Tx) =>
  tx.legalHold.findFirst({ where: { caseId, liftedAt: null }, select: { basis: true, placedAt: true } })
const holdOfPage = oncePerPage((caseId) => readHold(caseId, db))

/**
 * The condition of a case on which a legal hold was placed that this database lost: it was restored from a copy of before, and
 * knows of it by its note alone (ADR 98). The case `c` is kept until it is placed anew.
 */
export const LOST_LEGAL_HOLD = Prisma.sql`EXISTS (SELECT FROM erasures e WHERE e.kind = 'legal_hold' AND e.subject_id = c.id
  AND NOT EXISTS (SELECT FROM legal_holds h WHERE h.case_id = c.id AND h.placed_at >= e.at))`

export const hasLostLegalHold = async (caseId: string, tx: Tx = db): Promise<boolean> =>
  (await tx.$queryRaw<unknown[]>`SELECT 1 FROM cases c WHERE c.id = ${caseId}::uuid AND ${LOST_LEGAL_HOLD}`)
    .length > 0

/** Tells whether a legal hold was asked for not long ago: what it would keep is not erased while another person looks at it. */
export async function legalHoldAskedLately(tx: Tx, caseId: string, now: Instant): Promise<boolean> {
  const open = await lockOpen(tx, legalHoldSubject(caseId))
  return open?.kind === 'case.legal_hold' && open.askedAt > addMilliseconds(now, -LEGAL_HOLD_REQUEST_KEEPS)
}
