import '#server-only'
import { db, type Tx } from '#platform/db.ts'
import { movesThat } from '../rules/moves.ts'
import type { CaseSnapshot } from '../rules/snapshot.ts'

const DECIDING = movesThat((rule) => rule.decides === true)
const FINDING_OWNER = movesThat((rule) => rule.findsOwner === true)

/** Tells whether an account decided something of a case before its review was asked for. */
export const decidedBeforeReview = async (
  c: Pick<CaseSnapshot, 'id' | 'reviewAskedAt'>,
  accountId: string,
  tx: Tx = db,
): Promise<boolean> =>
  c.reviewAskedAt !== null &&
  (await tx.caseEvent.count({
    where: { caseId: c.id, actorId: accountId, move: { in: DECIDING }, at: { lt: c.reviewAskedAt } },
    take: 1,
  })) > 0

/** Tells whether an account verified or approved the block of a case to which a holder objects. */
export const foundBlockRight = async (
  c: Pick<CaseSnapshot, 'id' | 'objectedAt'>,
  accountId: string,
  tx: Tx = db,
): Promise<boolean> =>
  c.objectedAt !== null &&
  (await tx.caseEvent.count({
    where: { caseId: c.id, actorId: accountId, move: { in: FINDING_OWNER } },
    take: 1,
  })) > 0

/** Tells whether an account verified or approved another case, in any state, that claims one of these phones. */
export const judgedOther = async (
  tx: Tx,
  caseId: string,
  keys: readonly string[],
  accountId: string,
): Promise<boolean> =>
  (await tx.caseEvent.count({
    where: {
      caseId: { not: caseId },
      actorId: accountId,
      move: { in: FINDING_OWNER },
      case: { imeis: { some: { key14: { in: [...keys] } } } },
    },
    take: 1,
  })) > 0
