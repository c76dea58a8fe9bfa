import '#server-only'
import type { CaseScope } from '#lib/access/scope.ts'
import { db, type Tx } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { DECISION_MOVES, decisionOf, type Served } from './rules.ts'

export const listServedLetters = (caseId: string, tx: Tx = db): Promise<Served[]> =>
  tx.servedLetter.findMany({
    where: { caseId },
    select: { decisionSeq: true, outcome: true, servedAt: true },
    orderBy: { decisionSeq: 'asc' },
  })

export async function listDecisionsMade(caseId: string, tx: Tx) {
  const made = await tx.caseEvent.findMany({
    where: { caseId, move: { in: DECISION_MOVES } },
    select: { seq: true, move: true, to: true },
    orderBy: { seq: 'asc' },
  })
  return made.filter(({ move, to }) => decisionOf(move, to) !== null)
}

export const readServedLetters = (scope: CaseScope, caseId: string): Promise<readonly Served[]> =>
  inScope(scope, () => listServedLetters(caseId))
