import '#server-only'
import type { CaseScope } from '#lib/access/scope.ts'
import { db, type Tx } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import type { CaseSnapshot } from '../rules/snapshot.ts'
import { ACTIVE_STATES } from '../rules/state.ts'
import { SNAPSHOT, toSnapshot } from './cases.ts'

/**
 * Returns the cases that a case's claim stands against: the holder of the primary claim on one of its phones, and
 * accepted counter-claims. `held` narrows to those that are held because of it.
 */
export async function findOpposingCases(
  tx: Tx,
  caseId: string,
  keys: readonly string[],
  held: boolean,
): Promise<CaseSnapshot[]> {
  const rows = await tx.case.findMany({
    where: {
      id: { not: caseId },
      state: { in: [...ACTIVE_STATES] },
      imeis: { some: { key14: { in: [...keys] } } },
      ...(held
        ? { held: 'conflict' as const }
        : {
            OR: [
              { imeis: { some: { key14: { in: [...keys] }, primaryClaim: true } } },
              { counterclaim: 'accepted' as const },
            ],
          }),
    },
    orderBy: { id: 'asc' },
    select: SNAPSHOT,
  })
  return rows.map(toSnapshot)
}

/** Returns those of these phones that carriers have been told to block on the word of one of these cases. */
export async function listedKeys(
  tx: Tx,
  caseIds: readonly string[],
  keys: readonly string[],
): Promise<string[]> {
  const rows = await tx.caseImei.findMany({
    where: { caseId: { in: [...caseIds] }, key14: { in: [...keys] }, isPublic: true },
    select: { key14: true },
  })
  return [...new Set(rows.map(({ key14 }) => key14))]
}

/** Returns the cases within a scope that are held because of another case's claim. */
export const heldWith = (
  scope: CaseScope,
  caseId: string,
  keys: readonly string[],
): Promise<CaseSnapshot[]> => inScope(scope, () => findOpposingCases(db, caseId, keys, true))

/**
 * Returns a case's opponents, locked with the case itself until the transaction ends. Waits for the transactions that
 * hold one of them, and reads what they leave.
 */
export async function lockOpponents(
  tx: Tx,
  caseId: string,
  keys: readonly string[],
  held: boolean,
): Promise<CaseSnapshot[]> {
  const ids = [caseId, ...(await findOpposingCases(tx, caseId, keys, held)).map(({ id }) => id)]
  await tx.$queryRaw`SELECT 1 FROM cases WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR UPDATE`
  return findOpposingCases(tx, caseId, keys, held)
}

/** Returns the case that a phone is listed for: where there are several, the one with its claim. */
export async function listedCase(tx: Tx, key14: string): Promise<string | null> {
  const row = await tx.caseImei.findFirst({
    where: { key14, isPublic: true },
    orderBy: { primaryClaim: 'desc' },
    select: { caseId: true },
  })
  return row?.caseId ?? null
}
