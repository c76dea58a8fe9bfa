import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '../db.ts'

export type ContentDigest = Uint8Array<ArrayBuffer>

/** Claims a key, after waiting for a transaction that uses it. Returns false if it was used before. */
export async function claimKey(
  tx: Tx,
  key: string,
  {
    act,
    at,
    content,
  }: { readonly act: string; readonly at: Instant; readonly content: ContentDigest | null },
): Promise<boolean> {
  const { count } = await tx.submission.createMany({
    data: [{ key, act, outcome: {}, at, content }],
    skipDuplicates: true,
  })
  return count === 1
}

export type Outcome = Prisma.InputJsonValue

export async function recordOutcome(
  tx: Tx,
  key: string,
  answer: { readonly outcome: Outcome; readonly at: Instant; readonly content: ContentDigest | null },
): Promise<void> {
  await tx.submission.update({ where: { key }, data: answer, select: { key: true } })
}

export const outcomeOf = (
  tx: Tx,
  key: string,
): Promise<{ act: string; outcome: Prisma.JsonValue; at: Instant; content: Uint8Array | null } | null> =>
  tx.submission.findUnique({ where: { key }, select: { act: true, outcome: true, at: true, content: true } })
