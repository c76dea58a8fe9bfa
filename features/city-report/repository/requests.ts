import '#server-only'
import { db, type Tx } from '#platform/db.ts'

/** Locks a group of excluded answers that is in force until the transaction ends; false where there is none. */
export const lockExclusion = async (tx: Tx, id: string): Promise<boolean> =>
  (
    await tx.$queryRaw<unknown[]>`
      SELECT FROM survey_exclusions WHERE id = ${id}::uuid AND reversed_at IS NULL FOR UPDATE`
  ).length === 1

/** Locks a report that stands published until the transaction ends; false where there is none. */
export const lockPublished = async (tx: Tx, id: string): Promise<boolean> =>
  (
    await tx.$queryRaw<unknown[]>`
      SELECT FROM survey_reports WHERE id = ${id}::uuid
        AND published_at IS NOT NULL AND withdrawn_at IS NULL FOR UPDATE`
  ).length === 1

/** Counts other survey managers who can sign in, up to one. */
export const countOtherManagers = (id: string): Promise<number> =>
  db.staffAccount.count({
    where: { role: 'survey_manager', active: true, totpSecret: { not: null }, id: { not: id } },
    take: 1,
  })
