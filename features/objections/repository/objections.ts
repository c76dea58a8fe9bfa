import '#server-only'
import { opened, type ReportedParticulars } from '#features/cases/rules/particulars.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import { type CaseScope, systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { type CaseKey, unseal, unwrap } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { inScope } from '#platform/scope.ts'
import { withUnits } from '#platform/units.ts'
import type { ObjectionTransition } from '../rules/lifecycle.ts'
import type { ObjectionSnapshot } from '../rules/state.ts'

/**
 * Returns the WHERE condition that keeps a query inside a person's scope; drafts are visible to their browser alone.
 */
export function objectionInScope(scope: CaseScope): Prisma.ObjectionWhereInput {
  const sent = { state: { not: 'draft' as const } }
  switch (scope.kind) {
    case 'one':
      return { ...sent, id: scope.access === 'full' ? scope.caseId : { in: [] } }
    case 'unit':
      return scope.lent
        ? { ...sent, OR: [withUnits(scope), { againstId: { in: [...scope.lent] } }] }
        : { ...sent, ...withUnits(scope) }
    case 'city':
    case 'system':
      return sent
  }
}

export const SNAPSHOT = {
  id: true,
  number: true,
  state: true,
  version: true,
  imei: true,
  againstId: true,
  unitId: true,
  inspection: true,
  inspectedAt: true,
  inspectionHeld: true,
  refusedById: true,
  refusedAt: true,
  renewedAt: true,
  hearingUntil: true,
  answeredAt: true,
  sentAt: true,
  dueAt: true,
  closedAt: true,
} as const satisfies Record<keyof ObjectionSnapshot, true>

/** Returns what a decision depends on, or null where the scope does not reach: both look the same from outside. */
export const find = (
  scope: CaseScope,
  by: { readonly number: string } | { readonly id: string },
  tx: Tx = db,
): Promise<ObjectionSnapshot | null> =>
  inScope(scope, () =>
    tx.objection.findFirst({ where: { AND: [by, objectionInScope(scope)] }, select: SNAPSHOT }),
  )

/** Returns the same for one browser that is let in by a code: it reads this, and nothing under the objection's key. */
export const findSent = (id: string): Promise<ObjectionSnapshot | null> =>
  db.objection.findFirst({ where: { id, state: { not: 'draft' } }, select: SNAPSHOT })

export interface ObjectionFile {
  readonly key: CaseKey
  readonly holder: ReportedParticulars
  readonly locale: string
  readonly word: string
  readonly wordAt: Instant
}

/** Names the place of the sealed part. */
export const SEALED = 'objection'

/** Returns the sealed part of an objection that was found within a scope, opened. */
export async function openFile(id: string, tx: Tx = db): Promise<ObjectionFile> {
  const {
    key: stored,
    sealed,
    ...row
  } = await tx.objection.findFirstOrThrow({
    where: { id },
    select: { sealed: true, locale: true, word: true, wordAt: true, key: { select: WRAPPED_KEY } },
  })
  const key = unwrap(id, stored)
  return { ...row, key, holder: opened(unseal<ReportedParticulars>(key, SEALED, sealed)) }
}

/** Writes a permitted change, unless the objection has moved on since it was read. */
export async function save(tx: Tx, id: string, change: ObjectionTransition): Promise<'saved' | 'stale'> {
  const { count } = await tx.objection.updateMany({
    where: { id, version: change.version },
    data: { ...change.set, version: { increment: 1 } },
  })
  return count === 1 ? 'saved' : 'stale'
}

/** Counts the objections to one case's block that wait. */
export const countWaiting = (tx: Tx, caseId: string): Promise<number> =>
  tx.objection.count({ where: { againstId: caseId, waiting: true } })

/** Returns the objections to a case that wait, with their versions. */
export const waitingAgainst = (tx: Tx, caseId: string): Promise<ObjectionSnapshot[]> =>
  tx.objection.findMany({ where: { againstId: caseId, waiting: true }, select: SNAPSHOT })

/** Returns the objections for which a case's block was lifted, in one order. */
export const grantedAgainst = (tx: Tx, caseId: string): Promise<ObjectionSnapshot[]> =>
  tx.objection.findMany({
    where: { againstId: caseId, state: 'granted' },
    orderBy: { id: 'asc' },
    select: SNAPSHOT,
  })

/** Returns the objections to a case's block that were refused, in one order. */
export const refusedAgainst = (tx: Tx, caseId: string): Promise<ObjectionSnapshot[]> =>
  tx.objection.findMany({
    where: { againstId: caseId, state: 'refused' },
    orderBy: { id: 'asc' },
    select: SNAPSHOT,
  })

/** Returns the objections that were found right and have not been told yet that every carrier is done. */
export const unfinished = (tx: Tx, caseId: string): Promise<ObjectionSnapshot[]> =>
  tx.objection.findMany({
    where: { againstId: caseId, state: 'granted', events: { none: { move: 'finish' } } },
    select: SNAPSHOT,
  })

/** Turns an objection against another case, which blocks its phone now, unless it has moved on since it was read. */
export async function turnAgainst(
  tx: Tx,
  { id, version }: Pick<ObjectionSnapshot, 'id' | 'version'>,
  c: { readonly id: string; readonly unitId: string },
): Promise<'saved' | 'stale'> {
  const { count } = await tx.objection.updateMany({
    where: { id, version },
    data: { againstId: c.id, unitId: c.unitId, version: { increment: 1 } },
  })
  return count === 1 ? 'saved' : 'stale'
}

/** The hash of an objection's secret, with which a typed secret is compared. */
export interface ObjectionSecretHash {
  readonly id: string
  readonly secretHash: Uint8Array | null
}

/** Returns the hash of an objection's secret; null where there is no sent objection of that number. */
export const secretHashOf = (number: string): Promise<ObjectionSecretHash | null> =>
  inScope(systemScope(), () =>
    db.objection.findFirst({
      where: { number, state: { not: 'draft' } },
      select: { id: true, secretHash: true },
    }),
  )
