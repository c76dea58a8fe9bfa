import '#server-only'
import type { Instant } from '#domain/time.ts'
import { db, type Tx } from '#server/platform/db.ts'

export interface LegalHold {
  readonly basis: string
  readonly placedAt: Instant
}

export const legalHoldOf = (caseId: string, tx: Tx = db): Promise<LegalHold | null> =>
  tx.legalHold.findFirst({ where: { caseId, liftedAt: null }, select: { basis: true, placedAt: true } })

export async function insertHold(
  tx: Tx,
  hold: {
    readonly id: string
    readonly caseId: string
    readonly basis: string
    readonly placedById: string
    readonly placedAt: Instant
  },
): Promise<void> {
  await tx.legalHold.create({ data: hold, select: { id: true } })
}

/** Lifts a case's legal hold; false when there is none. */
export async function liftHold(
  tx: Tx,
  caseId: string,
  lift: { readonly liftBasis: string; readonly liftedById: string; readonly liftedAt: Instant },
): Promise<boolean> {
  return (await tx.legalHold.updateMany({ where: { caseId, liftedAt: null }, data: lift })).count === 1
}
