import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { db, type Tx } from '#platform/db.ts'

/** Returns the sentences that a person keeps, the oldest first. */
export const listSnippets = (actor: StaffActor, tx: Tx = db) =>
  tx.staffSnippet.findMany({
    where: { accountId: actor.id },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: { id: true, text: true },
  })

/** Returns one of a person's own sentences; null where it is gone, or another's. */
export const findSnippet = async (actor: StaffActor, id: string): Promise<string | null> =>
  (await db.staffSnippet.findFirst({ where: { id, accountId: actor.id }, select: { text: true } }))?.text ??
  null

/** Makes others who change the same person's sentences wait. */
export async function lockSnippets(tx: Tx, accountId: string): Promise<void> {
  await tx.$queryRaw`SELECT FROM staff_accounts WHERE id = ${accountId}::uuid FOR NO KEY UPDATE`
}
