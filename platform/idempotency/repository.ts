import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '../db.ts'

/** Claims a key, after a wait for the transaction that is using it now. Returns false when it was used before. */
export async function claimKey(tx: Tx, key: string, act: string, at: Instant): Promise<boolean> {
  const { count } = await tx.submission.createMany({
    data: [{ key, act, outcome: {}, at }],
    skipDuplicates: true,
  })
  return count === 1
}

/** The answer of an act: it is kept as JSON. */
export type Outcome = Prisma.InputJsonValue

export async function recordOutcome(tx: Tx, key: string, outcome: Outcome, at: Instant): Promise<void> {
  await tx.submission.update({ where: { key }, data: { outcome, at }, select: { key: true } })
}

export const outcomeOf = (
  tx: Tx,
  key: string,
): Promise<{ act: string; outcome: Prisma.JsonValue; at: Instant } | null> =>
  tx.submission.findUnique({ where: { key }, select: { act: true, outcome: true, at: true } })
