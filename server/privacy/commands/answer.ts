import '#server-only'
import type { StaffActor } from '#domain/access/actor.ts'
import { type CaseScope, staffScope } from '#domain/access/scope.ts'
import type { Particulars } from '#domain/case/particulars.ts'
import type { CaseRefusal } from '#domain/case/transition.ts'
import { type CorrectableField, correct } from '#domain/privacy/correction.ts'
import type { DataDecision } from '#domain/privacy/requests.ts'
import { type KeptBecause, keptBecause } from '#domain/privacy/retention.ts'
import { err, ok, type Result } from '#domain/result.ts'
import type { Instant } from '#domain/time.ts'
import { moveCase } from '#server/cases/commands/move.ts'
import { reporterOf } from '#server/cases/loaders/blocking.ts'
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
  /** For a granted correction: what of the case it changes; without it the answer says who changes it elsewhere. */
  readonly correction?: { readonly field: CorrectableField; readonly value: string } | undefined
}
/** `not_extended`: its day has come, or was put off before. */
export type AnswerRefusal =
  | CaseRefusal
  | KeptBecause
  | 'not_found'
  | 'answered'
  | 'not_extended'
  | 'correction_invalid'
  | 'correction_same'

/**
 * Answers a request about personal data, once a `submitKey`. A granted erasure is carried out by the worker, once the
 * message that tells of it has left; a granted correction changes what it names, or its answer says who does. Where the answer
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
      const granted = move === 'grant_data_request'
      const corrected =
        granted && kind === 'correct' ? await correctedBy(scope, caseId, input, now) : ok(undefined)
      if (!corrected.ok) return corrected
      const moved = await moveCase(
        tx,
        scope,
        actor,
        {
          caseId,
          version,
          move,
          text,
          ...(granted && kind === 'correct' && { template: 'grant_correction' }),
          ...(corrected.value && { particulars: corrected.value }),
        },
        now,
      )
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

/** What a case says once its correction is made; nothing where the answer names no field. */
async function correctedBy(
  scope: CaseScope,
  caseId: string,
  { correction }: AnswerInput,
  now: Instant,
): Promise<Result<Particulars | undefined, 'correction_invalid' | 'correction_same'>> {
  if (!correction) return ok(undefined)
  const particulars = await reporterOf(scope, caseId)
  return particulars ? correct(particulars, correction, now) : ok(undefined)
}
