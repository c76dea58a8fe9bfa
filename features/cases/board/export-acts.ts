import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { type Board, boardOf } from './page-data.ts'
import type { Period } from './supervision-rules.ts'

/**
 * Returns the board of a unit for a file; null for a reader who does not answer for it. That it was taken is in the audit log
 * before it is handed out.
 */
export async function exportBoard(
  actor: StaffActor,
  unitId: string,
  period: Period,
  now: Instant,
): Promise<Board | null> {
  const board = await boardOf(actor, unitId, period, now)
  if (board === null) return null
  await transaction((tx) =>
    audit(tx, {
      actor,
      act: 'unit.export',
      subject: { kind: 'unit', id: unitId },
      facts: { days: period },
      at: now,
    }),
  )
  return board
}
