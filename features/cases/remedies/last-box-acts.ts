import '#server-only'
import { policeUnits } from '#features/areas/data.ts'
import { lawsInForce } from '#features/lookup-tables/queries.ts'
import type { NoticeParams } from '#features/notices/acts.ts'
import type { Actor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import type { Transition } from '../moves/transition-rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { deciderOf } from '../timeline/rules.ts'
import { boxOf, keptBox, unitOfDecision } from './last-box-rules.ts'

/** Returns the box of a move that ends something, for the message that tells of it; nothing for any other move. */
export async function lastBoxOf(
  tx: Tx,
  after: CaseSnapshot,
  change: Pick<Transition, 'move' | 'reasonCode'>,
  actor: Actor,
  now: Instant,
): Promise<Pick<NoticeParams, 'last'>> {
  const staff = actor.kind === 'staff' ? actor : null
  const by = { actorKind: actor.kind, actorRole: staff?.role ?? null, actorUnitId: staff?.unitId ?? null }
  const event = { ...change, at: now, ...deciderOf(by) }
  const approved =
    change.move === 'carriers_lifted'
      ? await tx.caseEvent.findFirst({
          where: { caseId: after.id, move: 'approve_unblock' },
          orderBy: { seq: 'desc' },
          select: { actorKind: true, actorRole: true, actorUnitId: true },
        })
      : null
  const box = boxOf(after, event, approved ? deciderOf(approved) : undefined, lawsInForce().remedies, now)
  if (box === null) return {}
  const unit = unitOfDecision(await policeUnits(tx), box.unitId)
  return { last: { box: keptBox(box), unit } }
}
