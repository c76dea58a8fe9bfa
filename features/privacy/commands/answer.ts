import '#server-only'
import { type CaseMove, moveCase } from '#features/cases/commands/move.ts'
import { askedAt, statedIn, wordsAt } from '#features/cases/queries/blocking.ts'
import { findCaseId } from '#features/cases/queries/case-file.ts'
import type { CaseRefusal } from '#features/cases/rules/transition.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { type CaseScope, staffScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { inScope } from '#platform/scope.ts'
import { answerRequest, extendRequest, openRequest, setProposal } from '../repository/requests.ts'
import { type CorrectableField, correct, isCorrectable } from '../rules/correction.ts'
import {
  type DataDecision,
  type Proposal,
  type ProposalRefusal,
  refuseConfirmation,
} from '../rules/requests.ts'
import { type KeptBecause, keptBecause } from '../rules/retention.ts'
import { tiesOf } from './erase.ts'

export interface AnswerInput {
  readonly number: string
  readonly version: number
  readonly submitKey: string
  readonly requestId: string
  readonly decision: DataDecision
  /** The person reads it. Of a confirmation nothing: they read what was proposed. */
  readonly reason: string
  /** For the confirmation of an erasure: the event with the words that the second person read. */
  readonly proposal?: number | undefined
  /** For a granted correction that was asked for in words alone: what of the case it changes, if anything. */
  readonly correction?: { readonly field: CorrectableField; readonly value: string } | undefined
}
/** `not_extended`: its day has come, or was put off before. `not_proposed`: no erasure waits to be confirmed. */
export type AnswerRefusal =
  | CaseRefusal
  | KeptBecause
  | ProposalRefusal
  | 'not_found'
  | 'answered'
  | 'not_extended'
  | 'not_proposed'
  | 'correction_invalid'
  | 'correction_same'

/** `proposed`: its person is told nothing before another person has confirmed it. */
export type AnswerDone = 'answered' | 'proposed'

type Answer = Result<AnswerDone, AnswerRefusal>

/**
 * Answers a request about personal data, once a `submitKey`. An erasure cannot be undone: one person proposes it and another
 * confirms it. It is then carried out by the worker, once the message that tells of it has left; a granted correction changes
 * what it names, or its answer says who does. Where the answer is that there is none yet, the request stays open until its
 * new day.
 */
export async function answerDataRequest(
  actor: StaffActor,
  input: AnswerInput,
  now: Instant,
): Promise<Answer> {
  const scope = staffScope(actor)
  const caseId = scope && (await findCaseId(actor, input.number))
  if (!scope || !caseId) return err('not_found')
  return inScope(scope, () =>
    actOnce<AnswerDone, AnswerRefusal>(input.submitKey, `case.data:${actor.id}`, now, async (tx) => {
      const request = await openRequest(tx, { id: input.requestId, caseId })
      if (request === null) return err('answered')
      if (await wroteRequest(tx, caseId, request.eventSeq, actor.id)) return err('own_writing')
      const of: Asked = { tx, scope, actor, caseId, input, now, ...request }
      switch (input.decision) {
        case 'grant_data_request':
          return request.kind === 'erase' ? grantErasure(of) : grantCorrection(of)
        case 'decline_erasure':
          return declineErasure(of)
        case 'refuse_data_request':
          return close(of, 'refused', { text: input.reason })
        case 'extend_data_request':
          return extend(of)
      }
    }),
  )
}

/** Tells whether an account wrote a request down at the desk. */
const wroteRequest = async (tx: Tx, caseId: string, seq: number, accountId: string): Promise<boolean> =>
  (await tx.caseEvent.count({ where: { caseId, seq, actorId: accountId } })) > 0

type Said = 'text' | 'template' | 'particulars' | 'changes' | 'correction'

interface Asked {
  readonly tx: Tx
  readonly scope: CaseScope
  readonly actor: StaffActor
  readonly caseId: string
  readonly input: AnswerInput
  readonly now: Instant
  readonly proposal: Proposal | null
  /** The event that it was asked with. */
  readonly eventSeq: number
}

const make = ({ tx, scope, actor, caseId, input, now }: Asked, move: Pick<CaseMove, 'move' | Said>) =>
  moveCase(tx, scope, actor, { caseId, version: input.version, ...move }, now)

/**
 * Grants an erasure in two steps: the first of two people proposes it with its answer; the second confirms what they
 * have read.
 */
async function grantErasure(of: Asked): Promise<Answer> {
  const { tx, actor, caseId, input, now, proposal } = of
  if (proposal) {
    const refusal = refuseConfirmation(proposal, actor, input.proposal)
    if (refusal) return err(refusal)
    const text = (await wordsAt(caseId, proposal.seq, tx)) ?? ''
    return close(of, 'granted', { text })
  }
  const moved = await make(of, { move: 'propose_erasure', text: input.reason })
  if (!moved.ok) return moved.error === 'wrong_state' ? err('not_over') : moved
  const kept = keptBecause(moved.value, await tiesOf(caseId, tx))
  if (kept) return err(kept)
  await setProposal(tx, input.requestId, { seq: input.version + 1, byId: actor.id, at: now })
  return ok('proposed')
}

/**
 * Declines a proposed erasure: the second person disagrees, or the first takes it back. The request waits for its
 * answer as before.
 */
async function declineErasure(of: Asked): Promise<Answer> {
  if (!of.proposal) return err('not_proposed')
  const moved = await make(of, { move: 'decline_erasure', text: of.input.reason })
  if (!moved.ok) return moved
  await setProposal(of.tx, of.input.requestId, null)
  return ok('answered')
}

/** Makes the change that was asked for; of an earlier request in words alone, the one that police name. */
async function grantCorrection(of: Asked): Promise<Answer> {
  const { tx, scope, caseId, input, now, eventSeq } = of
  const asked = await askedAt(caseId, eventSeq, tx)
  const wanted = asked ?? input.correction
  const template = 'grant_correction'
  if (!wanted || !isCorrectable(wanted.field))
    return close(of, 'granted', { text: input.reason, template, ...(asked && { correction: asked }) })
  const stated = await statedIn(scope, caseId, tx)
  if (!stated) return err('wrong_state')
  const corrected = correct(stated, { field: wanted.field, value: wanted.value }, now)
  if (!corrected.ok) return corrected
  return close(of, 'granted', { text: input.reason, template, ...corrected.value })
}

async function extend(of: Asked): Promise<Answer> {
  const { tx, actor, caseId, input, now } = of
  const moved = await make(of, { move: 'extend_data_request', text: input.reason })
  if (!moved.ok) return moved
  const extended = await extendRequest(tx, { id: input.requestId, caseId }, actor.id, now)
  return extended ? ok('answered') : err('not_extended')
}

/** Makes the answer known and ends the request. */
async function close(of: Asked, state: 'granted' | 'refused', move: Pick<CaseMove, Said>): Promise<Answer> {
  const { tx, actor, caseId, input, now, proposal } = of
  const name = state === 'granted' ? 'grant_data_request' : 'refuse_data_request'
  const moved = await make(of, { move: name, ...move })
  if (!moved.ok) return moved
  const kept = state === 'granted' && proposal ? keptBecause(moved.value, await tiesOf(caseId, tx)) : null
  if (kept) return err(kept)
  const answer = { state, decidedById: actor.id, decidedAt: now }
  return (await answerRequest(tx, { id: input.requestId, caseId }, answer)) ? ok('answered') : err('answered')
}
