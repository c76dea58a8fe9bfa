import '#server-only'
import { db, type Tx } from '#platform/db.ts'

export interface KeptView {
  readonly id: string
  readonly name: string
  /** The choices as the address says them. */
  readonly query: string
}

/** Returns what a person has kept, the oldest first. */
export const viewsKept = (accountId: string): Promise<KeptView[]> =>
  db.queueView.findMany({
    where: { accountId },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: { id: true, name: true, query: true },
  })

/** Makes others who change the same person's views wait. */
export async function lockViews(tx: Tx, accountId: string): Promise<void> {
  await tx.$queryRaw`SELECT FROM staff_accounts WHERE id = ${accountId}::uuid FOR NO KEY UPDATE`
}

export const countViews = (tx: Tx, accountId: string): Promise<number> =>
  tx.queueView.count({ where: { accountId } })

export const viewNamed = (tx: Tx, accountId: string, name: string): Promise<KeptView | null> =>
  tx.queueView.findFirst({ where: { accountId, name }, select: { id: true, name: true, query: true } })

export async function addView(
  tx: Tx,
  view: KeptView & { readonly accountId: string; readonly createdAt: Date },
): Promise<void> {
  await tx.queueView.create({ data: view })
}

export async function removeView(accountId: string, id: string): Promise<void> {
  await db.queueView.deleteMany({ where: { id, accountId } })
}
