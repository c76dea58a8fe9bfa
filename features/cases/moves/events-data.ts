import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import type { Actor } from '#lib/access/actor.ts'
import { type CaseKey, seal } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { deferInsert } from '#platform/deferred-writes.ts'
import type { EventWords } from '../particulars/rules.ts'
import type { Transition } from './transition-rules.ts'

export async function addEvent(
  tx: Tx,
  key: CaseKey,
  event: {
    readonly caseId: string
    readonly seq: number
    readonly change:
      | Pick<Transition, 'move' | 'from' | 'to' | 'reasonCode' | 'visible'>
      | {
          readonly move: string
          readonly from: null
          readonly to: 'submitted' | 'under_review'
          readonly reasonCode: null
          readonly visible: boolean
        }
    readonly actor: Actor
    readonly words: EventWords
    readonly at: Date
  },
): Promise<void> {
  const { move, from, to, reasonCode, visible } = event.change
  const hasWords = Object.values(event.words).some(Boolean)
  const row: Prisma.CaseEventUncheckedCreateInput = {
    caseId: event.caseId,
    seq: event.seq,
    at: event.at,
    move,
    from,
    to,
    reasonCode,
    visible,
    ...actorOf(event.actor),
    sealed: hasWords ? seal(key, `event:${event.seq}`, event.words) : null,
  }
  await deferInsert(tx, 'case_events', [row])
}

const actorOf = (actor: Actor) =>
  actor.kind === 'staff'
    ? ({ actorKind: 'staff', actorId: actor.id, actorRole: actor.role, actorUnitId: actor.unitId } as const)
    : { actorKind: actor.kind }
