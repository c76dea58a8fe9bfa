import '#server-only'
import { Prisma } from '#generated/prisma/client.ts'
import { db, rawQuery, type Tx } from '#platform/db.ts'
import { oncePerPage } from '#platform/scope.ts'

/**
 * Matches a case `c` whose legal hold is missing in a restored older backup, but noted in the erasures (ADR 98). Such a case is
 * kept until the hold is placed again.
 */
export const LOST_LEGAL_HOLD = Prisma.sql`EXISTS (SELECT FROM erasures e WHERE e.kind = 'legal_hold' AND e.subject_id = c.id
  AND NOT EXISTS (SELECT FROM legal_holds h WHERE h.case_id = c.id AND h.placed_at >= e.at))`

/** Returns the legal hold in force, or null; `isLost`: a restored backup lacks the hold. */
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
