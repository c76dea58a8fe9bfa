import '#server-only'
import { type Approvable, askApproval, replaceApproval } from '#features/approvals/acts.ts'
import { lockOpen } from '#features/approvals/data.ts'
import type { Approval } from '#features/approvals/rules.ts'
import { findCaseIdToRead } from '#features/cases/file/page-data.ts'
import { type CaseMove, moveCase } from '#features/cases/moves/acts.ts'
import type { CaseRefusal } from '#features/cases/moves/transition-rules.ts'
import { findAskedAt, readStated, readWordsAt } from '#features/cases/record/page-data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { type CaseScope, staffScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { retention } from '#platform/env.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { inScope } from '#platform/scope.ts'
import { readTies } from '../erasure/data.ts'
import { type KeptBecause, keptBecause } from '../erasure/rules.ts'
import { declineMove, type MoveRefusal, makeMove, ofCaseData } from '../second-move-acts.ts'
import { type CorrectableField, correct, isCorrectable } from './correction-rules.ts'
import { answerRequest, openRequest } from './data.ts'
import { type DataDecision, erasureSubject } from './rules.ts'

export interface AnswerInput {
  readonly number: string
  readonly version: number
  readonly submitKey: string
  readonly requestId: string
  readonly decision: DataDecision
  readonly reason: string
  /** For a granted request in words only: the change to the case, if any. */
  readonly correction?: { readonly field: CorrectableField; readonly value: string } | undefined
}
/** `not_extended`: its due day has passed, or it was extended before. */
type AnswerRefusal =
  | CaseRefusal
  | KeptBecause
  | 'not_found'
  | 'done'
  | 'not_extended'
  | 'correction_invalid'
  | 'correction_same'

/** `proposed`: the person is told only after another person confirms. */
export type AnswerDone = 'answered' | 'proposed'

type Answer = Result<AnswerDone, AnswerRefusal>

/**
 * Answers a request about personal data, once per `submitKey`. An erasure cannot be undone: one person proposes it, another
 * confirms it (`grant`), and the worker carries it out after its message was sent. A granted correction changes the case, or the
 * answer names who makes the change. An extended request stays open until its new due day.
 */
export async function answerDataRequest(actor: StaffActor, input: AnswerInput, now: Instant) {
  const scope = staffScope(actor)
  const caseId = scope && (await findCaseIdToRead(actor, input.number))
  if (!scope || !caseId) return err('not_found')
  return inScope(scope, () =>
    actOnce<AnswerDone, AnswerRefusal>(input.submitKey, `case.data:${actor.id}`, now, async (tx) => {
      const proposed = await lockOpen(tx, erasureSubject(input.requestId))
      const request = await openRequest(tx, { id: input.requestId, caseId })
      if (request === null) return err('done')
      const own = { caseId, seq: request.eventSeq, actorId: actor.id }
      if ((await tx.caseEvent.count({ where: own })) > 0) return err('own_writing')
      const of: Asked = { tx, scope, actor, caseId, input, now, ...request, proposed }
      switch (input.decision) {
        case 'grant_data_request':
          return request.kind === 'erase' ? proposeErasure(of) : grantCorrection(of)
        case 'refuse_data_request':
          return close(of, 'refused', { text: input.reason })
        case 'extend_data_request':
          return extend(of)
      }
    }),
  )
}

type Said = 'text' | 'template' | 'particulars' | 'changes' | 'correction'

interface Asked {
  readonly tx: Tx
  readonly scope: CaseScope
  readonly actor: StaffActor
  readonly caseId: string
  readonly input: AnswerInput
  readonly now: Instant
  readonly proposed: Approval | null
  readonly eventSeq: number
}

const make = ({ tx, scope, actor, caseId, input, now }: Asked, move: Pick<CaseMove, 'move' | Said>) =>
  moveCase(tx, scope, actor, { caseId, version: input.version, ...move }, now)

async function proposeErasure(of: Asked): Promise<Answer> {
  const { tx, actor, caseId, input, now } = of
  const moved = await make(of, { move: 'propose_erasure', text: input.reason })
  if (!moved.ok) return moved.error === 'wrong_state' ? err('not_over') : moved
  const kept = keptBecause(moved.value, await readTies(caseId, tx))
  if (kept) return err(kept)
  const { requestId, version } = input
  const content = { caseId, requestId, unitId: moved.value.unitId, seq: version + 1 }
  const done = await askApproval(tx, actor, grant, { subject: erasureSubject(requestId), content }, now)
  return done.ok ? ok('proposed') : err('forbidden')
}

/** Grants an erasure with the words that both people have read. The worker carries it out. */
export const grant: Approvable<'case.erasure', MoveRefusal | KeptBecause | 'done'> = {
  ...ofCaseData,
  kind: 'case.erasure',
  async carryOut(of) {
    const { tx, request, actor, now } = of
    const { caseId, requestId, seq } = request.content
    const asked = { id: requestId, caseId }
    if (!(await openRequest(tx, asked))) return err('done')
    const moved = await makeMove(of, 'grant_data_request', await readWordsAt(caseId, seq, tx))
    if (!moved.ok) return moved
    const kept = keptBecause(moved.value, await readTies(caseId, tx))
    if (kept) return err(kept)
    const proposed = { proposedById: request.askedById, proposedAt: request.askedAt, proposedSeq: seq }
    await answerRequest(tx, asked, { state: 'granted', decidedById: actor.id, decidedAt: now, proposed })
    return ok({})
  },
  drop: (of) => declineMove(of, 'decline_erasure'),
}

/** Makes the requested change. For a request in words only, makes the change that police name. */
async function grantCorrection(of: Asked): Promise<Answer> {
  const { tx, scope, caseId, input, now, eventSeq } = of
  const asked = await findAskedAt(caseId, eventSeq, tx)
  const wanted = asked ?? input.correction
  const template = 'grant_correction'
  if (!wanted || !isCorrectable(wanted.field))
    return close(of, 'granted', { text: input.reason, template, ...(asked && { correction: asked }) })
  const stated = await readStated(scope, caseId, tx)
  if (!stated) return err('wrong_state')
  const corrected = correct(stated, { field: wanted.field, value: wanted.value }, now)
  if (!corrected.ok) return corrected
  return close(of, 'granted', { text: input.reason, template, ...corrected.value })
}

async function extend(of: Asked): Promise<Answer> {
  const { tx, actor, caseId, input, now } = of
  const moved = await make(of, { move: 'extend_data_request', text: input.reason })
  if (!moved.ok) return moved
  const where = { id: input.requestId, caseId, state: 'open', firstDueAt: null, dueAt: { gt: now } } as const
  const open = await tx.dataRequest.findFirst({ where, select: { dueAt: true } })
  if (open === null) return err('not_extended')
  const dueAt = addMilliseconds(open.dueAt, DAY * retention().extensionDays)
  const dues = { dueAt, firstDueAt: open.dueAt }
  const data = { ...dues, extendedAt: now, extendedById: actor.id }
  const { count } = await tx.dataRequest.updateMany({ where, data })
  return count === 1 ? ok('answered') : err('not_extended')
}

async function close(of: Asked, state: 'granted' | 'refused', move: Pick<CaseMove, Said>): Promise<Answer> {
  const { tx, actor, caseId, input, now, proposed } = of
  const name = state === 'granted' ? 'grant_data_request' : 'refuse_data_request'
  const moved = await make(of, { move: name, ...move })
  if (!moved.ok) return moved
  if (proposed) await replaceApproval(tx, actor, proposed, {}, now)
  const answer = { state, decidedById: actor.id, decidedAt: now }
  return (await answerRequest(tx, { id: input.requestId, caseId }, answer)) ? ok('answered') : err('done')
}
