import '#server-only'
import type { Tx } from '#platform/db.ts'

/** Returns the case that a phone is listed for: where there are several, the one with its claim. */
export async function listedCase(tx: Tx, key14: string): Promise<string | null> {
  const row = await tx.caseImei.findFirst({
    where: { key14, isPublic: true },
    orderBy: { primaryClaim: 'desc' },
    select: { caseId: true },
  })
  return row?.caseId ?? null
}

/** Locks a case until the transaction ends. */
export async function lockCase(tx: Tx, id: string): Promise<void> {
  // Rows that point to it may be added meanwhile.
  await tx.$queryRaw`SELECT 1 FROM cases WHERE id = ${id}::uuid FOR NO KEY UPDATE`
}
