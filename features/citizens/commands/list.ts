import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import type { AuditAct } from '#features/audit/entries/names-rules.ts'
import { endVisitsOf } from '#features/case-sessions/commands.ts'
import type { CaseScope, IdentityScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { insertAdded, insertFiled, removeListing } from '../repository.ts'

// The log says that a case came into a list or left one, and never whose: nobody is to be found by their cases.
const entry = (caseId: string, act: AuditAct, at: Instant) =>
  ({ actor: { kind: 'citizen' }, act, subject: { kind: 'case', id: caseId }, at }) as const

/** Puts a case that is sent by a signed-in citizen on their list, in the transaction that makes it. */
export async function listFiled(
  tx: Tx,
  caseId: string,
  { identityId }: IdentityScope,
  at: Instant,
): Promise<void> {
  await insertFiled(tx, caseId, identityId, at)
  await audit(tx, { ...entry(caseId, 'case.list', at), facts: { how: 'filed' } })
}

/** Puts a case whose secret was shown into a list. `taken`: it stands in another's. Twice is once. */
export async function listAdded(
  tx: Tx,
  caseId: string,
  { identityId }: IdentityScope,
  at: Instant,
): Promise<Result<{ readonly isNew: boolean }, 'taken'>> {
  const { isNew, identityId: holder } = await insertAdded(tx, caseId, identityId, at)
  if (holder !== identityId) return err('taken')
  if (isNew) await audit(tx, { ...entry(caseId, 'case.list', at), facts: { how: 'added' } })
  return ok({ isNew })
}

/**
 * Takes a case out of the list it stands in, for the owner of the list or a person who has shown the case's secret. Visits
 * that were opened from the list end. False where it stands in none, or in one that is out of reach.
 */
export async function removeFromList(
  scope: CaseScope | IdentityScope,
  caseId: string,
  now: Instant,
): Promise<boolean> {
  if (scope.kind !== 'identity' && !(scope.kind === 'one' && scope.access === 'full')) return false
  return inScope(scope, () => transaction((tx) => unlistIn(tx, scope, caseId, now)))
}

/** Does the same in the caller's transaction, which is in the scope. */
export async function unlistIn(
  tx: Tx,
  scope: CaseScope | IdentityScope,
  caseId: string,
  now: Instant,
): Promise<boolean> {
  const identityId = await removeListing(tx, caseId)
  if (identityId === null) return false
  await endVisitsOf(tx, identityId, caseId)
  const by = scope.kind === 'identity' ? 'list' : 'secret'
  await audit(tx, { ...entry(caseId, 'case.unlist', now), facts: { by } })
  return true
}
