import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { type FaultyRow, importView } from './page-data.ts'

/**
 * Returns the rows of a file that become no case, to take along and mend, for the person who added the file; audited,
 * for they hold people's data.
 */
export async function takeFaultyRows(
  actor: StaffActor,
  importId: string,
  now: Instant,
): Promise<readonly FaultyRow[] | null> {
  const view = await importView(actor, importId, now)
  if (!view?.own) return null
  const facts = { rows: view.faultyRows.length }
  const subject = { kind: 'import', id: importId } as const
  await transaction((tx) => audit(tx, { actor, act: 'import.mend', subject, facts, at: now }))
  return view.faultyRows
}
