import '#server-only'
import type { ObjectionMove } from '#features/objections/rules/moves.ts'
import { db, type Tx } from '#platform/db.ts'
import { DECIDED_ACTS } from '../rules/citizen-acts.ts'
import { movesThat, type PastMove } from '../rules/moves.ts'
import type { CaseSnapshot } from '../rules/snapshot.ts'
import { ACTIVE_STATES } from '../rules/state.ts'

const REFUSED_COUNTERCLAIM: PastMove = 'refuse_counterclaim'
const DECIDING = [...movesThat((rule) => rule.decides === true), REFUSED_COUNTERCLAIM]
const FINDING_OWNER = movesThat((rule) => rule.findsOwner === true)
const JUDGING = movesThat((rule) => rule.judgesClaim === true)

/** The moves by which police decide an objection to a case's block. */
export const DECIDING_OBJECTION = ['uphold', 'refuse'] as const satisfies readonly ObjectionMove[]

/** Tells whether an account decided something of a case, or of an objection to its block, before its review was asked for. */
export async function decidedBeforeReview(
  c: Pick<CaseSnapshot, 'id' | 'reviewAskedAt'>,
  accountId: string,
  tx: Tx = db,
): Promise<boolean> {
  if (c.reviewAskedAt === null) return false
  const before = { actorId: accountId, at: { lt: c.reviewAskedAt } }
  const decided = await tx.caseEvent.count({
    where: { ...before, caseId: c.id, move: { in: DECIDING } },
    take: 1,
  })
  if (decided > 0) return true
  const ofObjection = { ...before, move: { in: [...DECIDING_OBJECTION] }, objection: { againstId: c.id } }
  return (await tx.objectionEvent.count({ where: ofObjection, take: 1 })) > 0
}

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

/** Tells whether an account wrote down at the desk what police decide of a case. */
export const wroteDown = async (caseId: string, accountId: string, tx: Tx = db): Promise<boolean> =>
  (await tx.caseEvent.count({
    where: { caseId, actorId: accountId, move: { in: [...DECIDED_ACTS] } },
    take: 1,
  })) > 0

/**
 * Tells whether an account judged another claim on one of these phones that stands, or that its person can still appeal
 * for.
 */
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
      move: { in: JUDGING },
      case: { state: { in: [...ACTIVE_STATES, 'rejected'] }, imeis: { some: { key14: { in: [...keys] } } } },
    },
    take: 1,
  })) > 0
