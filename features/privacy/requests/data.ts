import '#server-only'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import type { DataRequestItem } from './rules.ts'

/** Answers a request that is open; false when a colleague has, or it is another case's. */
export async function answerRequest(
  tx: Tx,
  { id, caseId }: { readonly id: string; readonly caseId: string },
  {
    proposed,
    ...decided
  }: {
    readonly state: 'granted' | 'refused'
    readonly decidedById: string
    readonly decidedAt: Instant
    /** Names who proposed an erasure that is granted, when, and the event with their words (trigger `data_requests_two`). */
    readonly proposed?: {
      readonly proposedById: string
      readonly proposedAt: Instant
      readonly proposedSeq: number
    }
  },
): Promise<boolean> {
  const where = { id, caseId, state: 'open' } as const
  const { count } = await tx.dataRequest.updateMany({ where, data: { ...decided, ...proposed } })
  return count === 1
}

/** Returns a request that waits for its answer, locked until the transaction ends. */
export async function openRequest(tx: Tx, { id, caseId }: { readonly id: string; readonly caseId: string }) {
  await tx.$queryRaw`SELECT 1 FROM data_requests WHERE id = ${id}::uuid FOR UPDATE`
  return tx.dataRequest.findFirst({
    where: { id, caseId, state: 'open' },
    select: { kind: true, eventSeq: true },
  })
}

export const listRequests = (caseId: string): Promise<DataRequestItem[]> =>
  db.dataRequest.findMany({
    where: { caseId },
    orderBy: [{ askedAt: 'desc' }, { id: 'asc' }],
    select: {
      ...{ id: true, kind: true, state: true, field: true, eventSeq: true },
      ...{ askedAt: true, dueAt: true, firstDueAt: true, decidedAt: true },
    },
  })
