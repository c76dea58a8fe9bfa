import '#server-only'
import { moveCase } from '#features/cases/commands/move.ts'
import { caseSnapshot, hasFoundRight } from '#features/cases/queries/blocking.ts'
import type { GivenCheck } from '#features/cases/rules/proof.ts'
import type { CaseRefusal } from '#features/cases/rules/transition.ts'
import { openedProof } from '#features/disclosures/queries.ts'
import { screensSince } from '#features/evidence/queries.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { staffScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { inScope } from '#platform/scope.ts'
import { find, openFile } from '../data.ts'
import type { ObjectionRefusal } from '../rules/lifecycle.ts'
import type { ObjectionDecision } from '../rules/moves.ts'
import { moveObjection } from './move.ts'

export interface ObjectionDecisionInput {
  readonly number: string
  /** The version that was read. */
  readonly version: number
  readonly submitKey: string
  readonly decision: ObjectionDecision
  readonly reasonCode?: string | undefined
  readonly reason?: string | undefined
  /** For `uphold`: the person's findings on the holder's evidence. */
  readonly check?: GivenCheck
}

export type DecisionRefusal = ObjectionRefusal | CaseRefusal | 'not_found'

/**
 * Carries out a police decision on an objection, once a `submitKey`. Finding the holder right also moves the case that
 * blocks the phone, in the same transaction, to the step where a second person decides: nobody lifts a block alone.
 */
export async function decideOnObjection(
  actor: StaffActor,
  input: ObjectionDecisionInput,
  now: Instant,
): Promise<Result<true, DecisionRefusal>> {
  const scope = staffScope(actor)
  if (!scope) return err('forbidden')
  const { number, version, submitKey, decision, reasonCode } = input
  const text = input.reason?.trim()
  return inScope(scope, () =>
    actOnce<true, DecisionRefusal>(submitKey, `objection.decide:${actor.id}`, now, async (tx) => {
      const o = await find(scope, { number }, tx)
      if (!o) return err('not_found')
      if (o.version !== version) return err('stale')
      const c = o.againstId === null ? null : await caseSnapshot(scope, o.againstId, tx)
      const moved = await moveObjection(
        tx,
        o,
        actor,
        {
          move: decision,
          text,
          // A code that a move does not ask for is left out of its history.
          ...((decision === 'refuse' || decision === 'inspect') && { reasonCode }),
          foundBlockRight: c !== null && (await hasFoundRight(c, actor.id, tx)),
          ...(decision === 'uphold' && { shown: await isShown(tx, o.id) }),
        },
        now,
      )
      if (!moved.ok) return moved
      if (decision !== 'uphold') return ok(true)
      if (!c) return err('wrong_state')
      // The reporter's evidence is the case's to ask for.
      if (!(await openedProof(tx, actor.id, o.id))?.openedAt) return err('proof_unseen')
      const { check = {} } = input
      const move = 'uphold_objection' as const
      const uphold = { caseId: c.id, version: c.version, move, text, check, about: o.imei }
      const upheld = await moveCase(tx, scope, actor, uphold, now)
      return upheld.ok ? ok(true) : upheld
    }),
  )
}

/** Tells whether a photo of the screen beside the word in force came with it. */
async function isShown(tx: Tx, id: string): Promise<boolean> {
  const { wordAt } = await openFile(id, tx)
  return (await screensSince(id, wordAt, tx)) > 0
}
