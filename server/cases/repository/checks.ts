import '#server-only'
import type { Move } from '#domain/case/moves.ts'
import type { FoundCheck, ProofCheck } from '#domain/case/proof.ts'
import type { Instant } from '#domain/time.ts'
import { addRows } from '#server/platform/additions.ts'
import { db, type Tx } from '#server/platform/db.ts'

export interface NewCheck {
  readonly caseId: string
  /** The event that the decision made. */
  readonly seq: number
  readonly move: Move
  readonly accountId: string
  readonly areaId: string | null
  readonly openedAt: Instant
  readonly decidedAt: Instant
  /** null where the move asks for no checklist. */
  readonly check: ProofCheck | null
}

/** Keeps on what a decision rested: when its maker had opened the evidence, and what they found. */
export const addCheck = (tx: Tx, { check, ...row }: NewCheck): Promise<void> =>
  addRows(tx, 'proof_checks', [
    {
      ...row,
      imei: check?.checkImei ?? null,
      name: check?.checkName ?? null,
      device: check?.checkDevice ?? null,
    },
  ])

/** What was found on the evidence at each decision of a case, newest first. */
export async function checksOf(caseId: string): Promise<FoundCheck[]> {
  const rows = await db.proofCheck.findMany({
    where: { caseId, imei: { not: null } },
    orderBy: { seq: 'desc' },
    select: { seq: true, accountId: true, imei: true, name: true, device: true },
  })
  return rows.map(({ seq, accountId, imei, name, device }) => ({
    seq,
    accountId,
    // The database takes no other answers (a_check_answers_its_question).
    check: { checkImei: imei, checkName: name, checkDevice: device } as ProofCheck,
  }))
}
