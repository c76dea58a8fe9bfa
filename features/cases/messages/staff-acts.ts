import '#server-only'
import { tellApprovers, tellCityPolice, tellWaiting } from '#features/accounts/preferences/acts.ts'
import type { Actor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { type Move, ruleOf } from '../moves/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'

/** Tells those for whom a move leaves something to do, if they chose to be told at once. */
export async function tellStaff(
  tx: Tx,
  { unitId, assigneeId }: CaseSnapshot,
  move: Move,
  actor: Actor,
  now: Instant,
): Promise<void> {
  const { tellsAssignee, tellsApprovers, tellsCity } = ruleOf(move)
  const maker = actor.kind === 'staff' ? actor.id : null
  if (tellsApprovers && maker !== null) await tellApprovers(tx, unitId, maker, tellsApprovers, now)
  if (tellsCity) await tellCityPolice(tx, maker, tellsCity, now)
  if (tellsAssignee && assigneeId !== null && assigneeId !== maker)
    await tellWaiting(tx, [assigneeId], tellsAssignee, now)
}
