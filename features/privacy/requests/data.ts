import '#server-only'
import { caseSnapshot, wordsAt } from '#features/cases/queries/blocking.ts'
import { Prisma } from '#generated/prisma/client.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { retention } from '#platform/env.ts'
import { inScope } from '#platform/scope.ts'
import { ofUnits } from '#platform/units.ts'
import { type DataRequestItem, type DataRequestKind, extendedDue } from './rules.ts'

export async function insertRequest(tx: Tx, row: Omit<Prisma.DataRequestUncheckedCreateInput, 'state'>) {
  await tx.dataRequest.create({ data: row, select: { id: true } })
}

export const isAsked = async (tx: Tx, caseId: string, kind: DataRequestKind): Promise<boolean> =>
  (await tx.dataRequest.findFirst({ where: { caseId, kind, state: 'open' }, select: { id: true } })) !== null

/** Answers a request that is open; false when a colleague has, or it is another case's. */
export async function answerRequest(
  tx: Tx,
  { id, caseId }: { readonly id: string; readonly caseId: string },
  answer: {
    readonly state: 'granted' | 'refused'
    readonly decidedById: string
    readonly decidedAt: Instant
    /** Who proposed an erasure that is granted, when, and the event with their words (trigger `data_requests_two`). */
    readonly proposedById?: string
    readonly proposedAt?: Instant
    readonly proposedSeq?: number
  },
): Promise<boolean> {
  const { count } = await tx.dataRequest.updateMany({ where: { id, caseId, state: 'open' }, data: answer })
  return count === 1
}

/** Puts the day of a request off; false when it is answered, has come, was put off before, or is another case's. */
export async function extendRequest(
  tx: Tx,
  { id, caseId }: { readonly id: string; readonly caseId: string },
  by: string,
  now: Instant,
): Promise<boolean> {
  const where = { id, caseId, state: 'open', firstDueAt: null, dueAt: { gt: now } } as const
  const open = await tx.dataRequest.findFirst({ where, select: { dueAt: true } })
  if (open === null) return false
  const { count } = await tx.dataRequest.updateMany({
    where,
    data: {
      dueAt: extendedDue(open.dueAt, retention()),
      firstDueAt: open.dueAt,
      extendedAt: now,
      extendedById: by,
    },
  })
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
    omit: {
      caseId: true,
      unitId: true,
      decidedById: true,
      extendedAt: true,
      extendedById: true,
      proposedById: true,
      proposedAt: true,
      proposedSeq: true,
    },
  })

interface OpenRequest {
  readonly id: string
  readonly number: string
  readonly unitId: string
  readonly kind: DataRequestKind
  readonly askedAt: Instant
  readonly dueAt: Instant
}

/** Returns open requests, the most urgent first; from behind `after` on. In SQL, for its partial indexes. */
export function openRequests(
  scope: CaseScope,
  after: { readonly dueAt: Instant; readonly id: string } | null,
  limit: number,
): Promise<OpenRequest[]> {
  const inside =
    scope.kind === 'unit'
      ? ofUnits(scope, Prisma.sql`r.unit_id`)
      : scope.kind === 'one'
        ? Prisma.sql`r.case_id = ${scope.caseId}::uuid`
        : Prisma.sql`true`
  const behind = after
    ? Prisma.sql`AND (r.due_at, r.id) > (${after.dueAt}::timestamptz, ${after.id}::uuid)`
    : Prisma.empty
  return inScope(
    scope,
    () => db.$queryRaw<OpenRequest[]>`
    SELECT r.id, c.number, r.unit_id AS "unitId", r.kind, r.asked_at AS "askedAt", r.due_at AS "dueAt"
    FROM data_requests r JOIN cases c ON c.id = r.case_id
    WHERE r.state = 'open' AND ${inside} ${behind} ORDER BY r.due_at, r.id LIMIT ${limit}`,
  )
}

/** Returns the number of a case and what police wrote with one of its events; null outside the scope. */
export async function readEventWords(scope: CaseScope, caseId: string, seq: number) {
  const c = await caseSnapshot(scope, caseId)
  return c && { number: c.number, words: c.erasedAt === null ? ((await wordsAt(caseId, seq, db)) ?? '') : '' }
}

/** Takes a consent back; false when it was never given, or is taken back already. */
export async function takeBackConsent(tx: Tx, caseId: string, purposes: readonly string[], at: Instant) {
  const where = { caseId, purpose: { in: [...purposes] }, withdrawnAt: null }
  return (await tx.consent.updateMany({ where, data: { withdrawnAt: at } })).count > 0
}

export const listConsents = (caseId: string) =>
  db.consent.findMany({
    where: { caseId },
    orderBy: { purpose: 'asc' },
    select: { purpose: true, version: true, at: true, withdrawnAt: true },
  })
