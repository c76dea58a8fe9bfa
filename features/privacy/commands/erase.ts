import '#server-only'
import { noteErased } from '#features/audit/commands/erasures.ts'
import { moveCase } from '#features/cases/commands/move.ts'
import { removeEvidenceFiles } from '#features/evidence/commands.ts'
import { orderInForce } from '#features/exchange/case-orders/data.ts'
import { systemScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { runInTransaction } from '#platform/idempotency/commands.ts'
import { inScope } from '#platform/scope.ts'
import { hasLostLegalHold, legalHoldAskedLately, legalHoldOf } from '../legal-holds/data.ts'
import { deleteEvidence, destroyPersonalData } from '../repository/erasure.ts'
import { type KeptBecause, keptBecause, type Ties } from '../rules/retention.ts'

/** Returns what ties a case's data to the business of others at this moment. */
export async function tiesOf(caseId: string, tx?: Tx): Promise<Ties> {
  return {
    legalHold: (await legalHoldOf(caseId, tx)) !== null || (await hasLostLegalHold(caseId, tx)),
    orderInForce: await orderInForce(caseId, tx),
  }
}

export { hasLostLegalHold }

type Kept = KeptBecause | 'stale'

/**
 * Erases a case, or its files alone, in one transaction with its event and audit entry; files leave the store after
 * it. A case that the rule says must be kept stays whole. Harmless twice.
 */
async function eraseOne(
  caseId: string,
  move: 'erase' | 'erase_evidence',
  reasonCode: 'asked' | 'retention',
  now: Instant,
): Promise<Result<null, Kept>> {
  const erased = await inScope(systemScope(), () =>
    runInTransaction<readonly string[], Kept>(async (tx) => {
      // A confirmation locks in the same order: the request, and then its case.
      const holdAsked = await legalHoldAskedLately(tx, caseId, now)
      // It locks the case: nothing of it moves between the rule and the deed.
      const moved = await moveCase(
        tx,
        systemScope(),
        { kind: 'system' },
        { caseId, version: null, move, reasonCode },
        now,
      )
      if (!moved.ok) return err(moved.error === 'wrong_state' ? 'not_over' : 'stale')
      const kept = keptBecause(moved.value, await tiesOf(caseId, tx))
      if (kept) return err(kept)
      if (holdAsked) return err('legal_hold')
      const files = await deleteEvidence(tx, caseId, now)
      if (move === 'erase') await destroyPersonalData(tx, caseId)
      const kind = move === 'erase' ? (reasonCode === 'asked' ? 'case_asked' : 'case') : 'case_files'
      await noteErased(tx, kind, [caseId], now)
      await noteErased(tx, 'evidence', files, now)
      return ok(files)
    }),
  )
  if (!erased.ok) return erased
  await removeEvidenceFiles(erased.value)
  return ok(null)
}

/** Destroys a case's key and all that is personal in it (ADR 24). */
export const eraseCase = (caseId: string, reason: 'asked' | 'retention', now: Instant) =>
  eraseOne(caseId, 'erase', reason, now)

/** Deletes a case's files, whose time is shorter than the rest's. */
export const eraseEvidence = (caseId: string, now: Instant) =>
  eraseOne(caseId, 'erase_evidence', 'retention', now)
