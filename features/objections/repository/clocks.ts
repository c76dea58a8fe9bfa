import '#server-only'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import type { ObjectionSnapshot } from '../rules/state.ts'
import { SNAPSHOT } from './objections.ts'

const BATCH = 100

/** Returns objections whose holder did not answer in time, the longest due first. */
export const answersExpired = (now: Instant): Promise<ObjectionSnapshot[]> =>
  db.objection.findMany({
    where: { state: 'info_requested', dueAt: { lte: now } },
    orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
    take: BATCH,
    select: SNAPSHOT,
  })

/** An objection whose block has ended, and when its case's block was last found wrong. */
export interface Gone extends ObjectionSnapshot {
  readonly against: { readonly overturnedAt: Instant | null } | null
}

/** Returns objections that still wait although their case knows of none any more, because its block has ended. */
export const blocksGone = (): Promise<Gone[]> =>
  db.objection.findMany({
    where: { waiting: true, against: { objectedAt: null } },
    orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
    take: BATCH,
    select: { ...SNAPSHOT, against: { select: { overturnedAt: true } } },
  })

/**
 * Deletes objections, with their keys, that were closed before then and that no legal hold on the case keeps.
 * Answers ids of objections and files.
 */
export async function removeClosed(
  tx: Tx,
  before: Instant,
): Promise<{ readonly ids: string[]; readonly files: string[] }> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT o.id FROM objections o
    WHERE o.closed_at <= ${before}
      AND NOT EXISTS (SELECT 1 FROM legal_holds h WHERE h.case_id = o.against_id AND h.lifted_at IS NULL)
    ORDER BY o.closed_at, o.id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`
  const ids = rows.map(({ id }) => id)
  const files = await tx.evidence.findMany({ where: { caseId: { in: ids } }, select: { id: true } })
  await tx.caseKey.deleteMany({ where: { caseId: { in: ids } } })
  return { ids, files: files.map(({ id }) => id) }
}
