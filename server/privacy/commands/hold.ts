import '#server-only'
import { randomUUID } from 'node:crypto'
import type { StaffActor } from '#domain/access/actor.ts'
import { staffScope } from '#domain/access/scope.ts'
import type { CaseRefusal } from '#domain/case/transition.ts'
import { err, ok, type Result } from '#domain/result.ts'
import type { Instant } from '#domain/time.ts'
import { moveCase } from '#server/cases/commands/move.ts'
import { caseId as idOf } from '#server/cases/loaders/case-file.ts'
import { uniqueViolation } from '#server/platform/db.ts'
import { inScope } from '#server/platform/scope.ts'
import { actOnce } from '#server/submissions/commands.ts'
import { insertHold, liftHold } from '../repository/holds.ts'

export interface HoldInput {
  readonly number: string
  readonly version: number
  readonly submitKey: string
  readonly decision: 'place_legal_hold' | 'lift_legal_hold'
  /** The letter or decision that it rests on. */
  readonly basis: string
  readonly reason: string
}
export type HoldRefusal = CaseRefusal | 'not_found' | 'held_already' | 'no_legal_hold'

/** Keeps a case's data from erasure by order of the law, or lets it go again, once a `submitKey`. */
export async function changeLegalHold(
  actor: StaffActor,
  input: HoldInput,
  now: Instant,
): Promise<Result<true, HoldRefusal>> {
  const scope = staffScope(actor)
  const caseId = scope && (await idOf(actor, input.number))
  if (!scope || !caseId) return err('not_found')
  const { version, decision: move, reason: text, basis } = input
  try {
    return await inScope(scope, () =>
      actOnce<true, HoldRefusal>(input.submitKey, `case.legal_hold:${actor.id}`, now, async (tx) => {
        const moved = await moveCase(tx, scope, actor, { caseId, version, move, text }, now)
        if (!moved.ok) return moved
        if (move === 'lift_legal_hold') {
          const lifted = await liftHold(tx, caseId, { liftBasis: basis, liftedById: actor.id, liftedAt: now })
          return lifted ? ok(true) : err('no_legal_hold')
        }
        await insertHold(tx, { id: randomUUID(), caseId, basis, placedById: actor.id, placedAt: now })
        return ok(true)
      }),
    )
  } catch (error) {
    if (uniqueViolation(error)) return err('held_already')
    throw error
  }
}
