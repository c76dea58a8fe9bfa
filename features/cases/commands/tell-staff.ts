import '#server-only'
import { tellApprovers, tellWaiting } from '#features/accounts/commands/tell-waiting.ts'
import type { ToldKind } from '#features/accounts/rules/mail-choice.ts'
import type { Actor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import type { Move } from '../rules/moves.ts'
import type { CaseSnapshot } from '../rules/snapshot.ts'

/** Maps a move to the task that it leaves to the person who has the case. */
const TOLD_OF: Partial<Readonly<Record<Move, ToldKind>>> = {
  send_back: 'sent_back',
  reply: 'answered',
  contested: 'conflict',
}

/** Tells those for whom a move leaves something to do, if they chose to be told at once. */
export async function tellStaff(
  tx: Tx,
  { unitId, assigneeId }: CaseSnapshot,
  move: Move,
  actor: Actor,
  now: Instant,
): Promise<void> {
  if (move === 'hold' && actor.kind === 'staff') await tellApprovers(tx, unitId, actor.id, now)
  const kind = TOLD_OF[move]
  const isOwn = actor.kind === 'staff' && actor.id === assigneeId
  if (kind && assigneeId !== null && !isOwn) await tellWaiting(tx, [assigneeId], kind, now)
}
