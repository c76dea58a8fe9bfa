import '#server-only'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import type { DataRequestItem } from './rules.ts'

/** Returns false when a colleague has answered the request, or it belongs to another case. */
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
    /** For a granted erasure: who proposed it, when, and the event with their words (trigger `data_requests_two`). */
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
