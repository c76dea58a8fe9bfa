import '#server-only'
import { Prisma } from '#generated/prisma/client.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { LEGAL_HOLD_REQUEST_KEEPS, type LegalHoldProposal } from '../rules/requests.ts'

export interface LegalHold {
  readonly basis: string
  readonly placedAt: Instant
}

export const legalHoldOf = (caseId: string, tx: Tx = db): Promise<LegalHold | null> =>
  tx.legalHold.findFirst({ where: { caseId, liftedAt: null }, select: { basis: true, placedAt: true } })

/**
 * The condition of a case on which a legal hold was placed that this database lost: it was restored from a copy of before, and
 * knows of it by its note alone (ADR 98). The case `c` is kept until it is placed anew.
 */
export const LOST_LEGAL_HOLD = Prisma.sql`EXISTS (SELECT FROM erasures e WHERE e.kind = 'legal_hold' AND e.subject_id = c.id
  AND NOT EXISTS (SELECT FROM legal_holds h WHERE h.case_id = c.id AND h.placed_at >= e.at))`

/** Tells whether a case had a legal hold that this database lost. */
export const hasLostLegalHold = async (caseId: string, tx: Tx = db): Promise<boolean> =>
  (await tx.$queryRaw<unknown[]>`SELECT 1 FROM cases c WHERE c.id = ${caseId}::uuid AND ${LOST_LEGAL_HOLD}`)
    .length > 0

export async function insertLegalHold(
  tx: Tx,
  hold: {
    readonly id: string
    readonly caseId: string
    readonly basis: string
    readonly askedById: string
    readonly placedById: string
    readonly placedAt: Instant
  },
): Promise<void> {
  await tx.legalHold.create({ data: hold, select: { id: true } })
}

/** Lifts a case's legal hold; false when there is none. */
export async function liftLegalHold(
  tx: Tx,
  caseId: string,
  lift: {
    readonly liftBasis: string
    readonly liftAskedById: string
    readonly liftedById: string
    readonly liftedAt: Instant
  },
): Promise<boolean> {
  return (await tx.legalHold.updateMany({ where: { caseId, liftedAt: null }, data: lift })).count === 1
}

export async function insertLegalHoldRequest(
  tx: Tx,
  request: Omit<LegalHoldProposal, 'seq' | 'byId' | 'at'> & {
    readonly caseId: string
    readonly eventSeq: number
    readonly askedById: string
    readonly askedAt: Instant
  },
): Promise<void> {
  await tx.legalHoldRequest.create({ data: request, select: { id: true } })
}

const WAITING = {
  id: true,
  change: true,
  basis: true,
  eventSeq: true,
  askedById: true,
  askedAt: true,
} as const

/**
 * Returns the legal hold of a case, or its end, that waits for another person; locked where it stands in a transaction.
 */
export async function legalHoldProposed(caseId: string, tx?: Tx): Promise<LegalHoldProposal | null> {
  if (tx)
    await tx.$queryRaw`SELECT 1 FROM legal_hold_requests WHERE case_id = ${caseId}::uuid AND state = 'open' FOR UPDATE`
  const where = { caseId, state: 'open' } as const
  const row = await (tx ?? db).legalHoldRequest.findFirst({ where, select: WAITING })
  if (!row) return null
  const { eventSeq: seq, askedById: byId, askedAt: at, ...rest } = row
  return { ...rest, seq, byId, at }
}

/** Ends a request for a legal hold; false when it is decided already. */
export async function endLegalHoldRequest(
  tx: Tx,
  id: string,
  by: { readonly state: 'confirmed' | 'refused'; readonly decidedById: string; readonly decidedAt: Instant },
): Promise<boolean> {
  return (await tx.legalHoldRequest.updateMany({ where: { id, state: 'open' }, data: by })).count === 1
}

/**
 * Tells whether a legal hold was asked for not long ago: what it would keep is not erased while another person looks at
 * it.
 */
export const legalHoldAskedLately = async (caseId: string, now: Instant, tx: Tx = db): Promise<boolean> =>
  (await tx.legalHoldRequest.count({
    where: {
      caseId,
      state: 'open',
      change: 'place',
      askedAt: { gt: addMilliseconds(now, -LEGAL_HOLD_REQUEST_KEEPS) },
    },
    take: 1,
  })) > 0

export interface WaitingLegalHold {
  readonly id: string
  readonly number: string
  readonly change: 'place' | 'lift'
  readonly askedAt: Instant
}

/** Returns the legal holds that wait for another person, the oldest first. */
export async function legalHoldsProposed(scope: CaseScope, limit: number): Promise<WaitingLegalHold[]> {
  const rows = await inScope(scope, () =>
    db.legalHoldRequest.findMany({
      where: { state: 'open' },
      orderBy: [{ askedAt: 'asc' }, { id: 'asc' }],
      take: limit,
      select: { id: true, change: true, askedAt: true, case: { select: { number: true } } },
    }),
  )
  return rows.map(({ case: { number }, ...row }) => ({ ...row, number }))
}
