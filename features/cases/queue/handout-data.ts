import '#server-only'
import { Prisma } from '#generated/prisma/client.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { all, inside } from './row-data.ts'
import type { QueueKey } from './rules.ts'

/** A case that waits for a decision, with its place in the list. */
export interface Waiting extends QueueKey {
  readonly list: string
}

/** Returns the next cases of a list by urgency, without those whose next step would confirm the reader's own. */
export async function waitingIn(
  tx: Tx,
  scope: CaseScope,
  list: string,
  accountId: string,
  after: QueueKey | null,
  limit: number,
): Promise<Waiting[]> {
  return tx.$queryRaw<Waiting[]>`SELECT q.case_id AS id, q.act_by AS at, q.list FROM queue_places q
    WHERE ${all([
      Prisma.sql`q.list = ${list}`,
      inside(scope, Prisma.sql`q.unit_id`),
      Prisma.sql`NOT q.with_citizen`,
      Prisma.sql`${accountId}::uuid <> ALL (q.not_by)`,
      ...(after === null
        ? []
        : [Prisma.sql`(q.act_by, q.case_id) > (${after.at}::timestamptz, ${after.id}::uuid)`]),
    ])} ORDER BY q.act_by, q.case_id LIMIT ${limit}`
}

/** Locks a case where no other transaction has it. */
export async function lockIfFree(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx.$queryRaw<
    unknown[]
  >`SELECT id FROM cases WHERE id = ${id}::uuid FOR UPDATE SKIP LOCKED`
  return rows.length === 1
}

/** Tells whether a case was shown to another person who may be deciding it. */
export const isHandedOut = async (
  tx: Tx,
  caseId: string,
  accountId: string,
  now: Instant,
): Promise<boolean> =>
  (await tx.queueHandout.count({ where: { caseId, accountId: { not: accountId }, until: { gt: now } } })) > 0

/** Writes which person was shown a case, and until when no other person is. */
export async function handOut(tx: Tx, caseId: string, accountId: string, until: Instant): Promise<void> {
  await tx.queueHandout.deleteMany({ where: { caseId } })
  await tx.queueHandout.create({ data: { caseId, accountId, until } })
}
