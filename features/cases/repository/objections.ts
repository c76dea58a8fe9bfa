import '#server-only'
import { type CaseKey, unwrap } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'

/**
 * Returns the ids of the objections to a case's block that wait for a decision: their evidence lies under keys of these
 * ids.
 */
export async function objectionsAgainst(caseId: string, tx: Tx = db): Promise<string[]> {
  const where = { againstId: caseId, waiting: true }
  const rows = await tx.objection.findMany({ where, orderBy: { id: 'asc' }, select: { id: true } })
  return rows.map(({ id }) => id)
}

/** Returns the keys of the same objections. */
export async function objectionKeys(tx: Tx, caseId: string): Promise<CaseKey[]> {
  const where = { againstId: caseId, waiting: true }
  const select = { id: true, key: { select: WRAPPED_KEY } }
  const rows = await tx.objection.findMany({ where, orderBy: { id: 'asc' }, select })
  return rows.map(({ id, key }) => unwrap(id, key))
}
