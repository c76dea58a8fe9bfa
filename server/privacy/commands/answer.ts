import '#server-only'
import type { StaffActor } from '#domain/access/actor.ts'
import { staffScope } from '#domain/access/scope.ts'
import type { CaseRefusal } from '#domain/case/transition.ts'
import type { DataDecision } from '#domain/privacy/requests.ts'
import { type KeptBecause, keptBecause } from '#domain/privacy/retention.ts'
import { err, ok, type Result } from '#domain/result.ts'
import type { Instant } from '#domain/time.ts'
import { moveCase } from '#server/cases/commands/move.ts'
import { caseId as idOf } from '#server/cases/loaders/case-file.ts'
import { inScope } from '#server/platform/scope.ts'
import { actOnce } from '#server/submissions/commands.ts'
import { answerRequest, extendRequest, requestKind } from '../repository/requests.ts'
import { tiesOf } from './erase.ts'

export interface AnswerInput {
  readonly number: string
  readonly version: number
  readonly submitKey: string
  readonly requestId: string
  readonly decision: DataDecision
  /** The person reads it. */
  readonly reason: string
}
/** `not_extended`: its day has come, or was put off before. */
export type AnswerRefusal = CaseRefusal | KeptBecause | 'not_found' | 'answered' | 'not_extended'

/**
 * Answers a request about personal data, once a `submitKey`. A granted erasure is carried out by the worker, once the
 * message that tells of it has left; a granted correction stands in the file beside what it corrects. Where the answer
 * is that there is none yet, the request stays open until its new day.
 */
export async function answerDataRequest(
  actor: StaffActor,
  input: AnswerInput,
  now: Instant,
): Promise<Result<true, AnswerRefusal>> {
  const scope = staffScope(actor)
  const caseId = scope && (await idOf(actor, input.number))
  if (!scope || !caseId) return err('not_found')
  const { version, decision: move, reason: text, requestId: id } = input
  return inScope(scope, () =>
    actOnce<true, AnswerRefusal>(input.submitKey, `case.data:${actor.id}`, now, async (tx) => {
      const kind = await requestKind(tx, id)
      if (kind === null) return err('answered')
      const moved = await moveCase(tx, scope, actor, { caseId, version, move, text }, now)
      if (!moved.ok) return moved
      if (move === 'extend_data_request')
        return (await extendRequest(tx, { id, caseId }, actor.id, now)) ? ok(true) : err('not_extended')
      const kept =
        kind === 'erase' && move === 'grant_data_request'
          ? keptBecause(moved.value, await tiesOf(caseId, tx))
          : null
      if (kept) return err(kept)
      const state = move === 'grant_data_request' ? 'granted' : 'refused'
      const answered = await answerRequest(
        tx,
        { id, caseId },
        { state, decidedById: actor.id, decidedAt: now },
      )
      return answered ? ok(true) : err('answered')
    }),
  )
}
