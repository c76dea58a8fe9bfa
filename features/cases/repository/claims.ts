import '#server-only'
import { type Tx, uniqueViolation } from '#platform/db.ts'

/** Returns those of these phones on which another case's primary claim stands. */
export async function claimedKeys(tx: Tx, caseId: string, keys: readonly string[]): Promise<string[]> {
  const taken = await tx.caseImei.findMany({
    where: { key14: { in: [...keys] }, primaryClaim: true, caseId: { not: caseId } },
    select: { key14: true },
  })
  return taken.map(({ key14 }) => key14)
}

/** Tells whether another case has the primary claim on one of these phones. */
export const claimTaken = async (tx: Tx, caseId: string, keys: readonly string[]): Promise<boolean> =>
  (await claimedKeys(tx, caseId, keys)).length > 0

/** Tells whether a write ran into another case's primary claim: Prisma names the index, or else its only field. */
export const isClaimConflict = (error: unknown): boolean =>
  ['one_primary_claim_a_phone', 'key14'].includes(uniqueViolation(error) ?? '')
