import '#server-only'
import type { CaseScope } from '#lib/access/scope.ts'
import { db, type Tx } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { DECISION_MOVES, type Served } from './rules.ts'

export const listServedLetters = (caseId: string, tx: Tx = db): Promise<Served[]> =>
  tx.servedLetter.findMany({
    where: { caseId },
    select: { decisionSeq: true, outcome: true, servedAt: true },
    orderBy: { decisionSeq: 'asc' },
  })

export const listDecisionsMade = (caseId: string, tx: Tx) =>
  tx.caseEvent.findMany({
    where: { caseId, move: { in: DECISION_MOVES } },
    select: { seq: true, move: true },
    orderBy: { seq: 'asc' },
  })

export const readServedLetters = (scope: CaseScope, caseId: string): Promise<readonly Served[]> =>
  inScope(scope, () => listServedLetters(caseId))
