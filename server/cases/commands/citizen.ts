import '#server-only'
import type { CaseScope } from '#domain/access/scope.ts'
import type { CitizenAct } from '#domain/case/citizen-acts.ts'
import type { CaseRefusal } from '#domain/case/lifecycle.ts'
import { err, ok, type Result } from '#domain/result.ts'
import type { Instant } from '#domain/time.ts'
import { type Tx, uniqueViolation } from '#server/platform/db.ts'
import { actOnce } from '#server/submissions/commands.ts'
import { moveCase } from './move.ts'

export interface CitizenMove {
  readonly caseId: string
  /** The version that the page showed. */
  readonly version: number
  readonly act: CitizenAct
  readonly message: string
  readonly submitKey: string
  /** Tells this sending of the form from another sending of the same form. */
  readonly attempt: string
  /** Ties to the event what was stored for it, in the same transaction. */
  readonly withEvent: (tx: Tx, seq: number) => Promise<void>
}

/**
 * Does one act of a citizen on their own case, once a `submitKey`. Needs the full access that the secret gives.
 * `first` is false where an earlier sending of the same form had done it: what came with this one is superfluous.
 */
export async function actAsCitizen(
  scope: CaseScope,
  move: CitizenMove,
  now: Instant,
): Promise<Result<{ readonly first: boolean }, CaseRefusal>> {
  if (scope.kind !== 'one' || scope.access !== 'full') return err('forbidden')
  const done = await attempt(scope, move, now).catch((error: unknown) => {
    // Somebody got the phone's claim between our look and our write: looked at again, the appeal goes on as a
    // counter-claim.
    if (move.act === 'appeal' && uniqueViolation(error)) return attempt(scope, move, now)
    throw error
  })
  return done.ok ? ok({ first: done.value.attempt === move.attempt }) : done
}

const attempt = (scope: CaseScope, { submitKey, ...move }: CitizenMove, now: Instant) =>
  actOnce<{ attempt: string }, CaseRefusal>(submitKey, `case.${move.caseId}.citizen`, now, async (tx) => {
    const { caseId, version, act, message } = move
    const input = { caseId, version, move: act, text: message }
    const moved = await moveCase(tx, scope, { kind: 'citizen' }, input, now)
    if (!moved.ok) return moved
    await move.withEvent(tx, version + 1)
    return ok({ attempt: move.attempt })
  })
