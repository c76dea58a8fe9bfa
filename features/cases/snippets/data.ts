import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { db, type Tx } from '#platform/db.ts'

export const listSnippets = (actor: StaffActor, tx: Tx = db) =>
  tx.staffSnippet.findMany({
    where: { accountId: actor.id },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: { id: true, text: true },
  })

export const findSnippet = async (actor: StaffActor, id: string): Promise<string | null> =>
  (await db.staffSnippet.findFirst({ where: { id, accountId: actor.id }, select: { text: true } }))?.text ??
  null
