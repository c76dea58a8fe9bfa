import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/commands.ts'
import type { Actor } from '#lib/access/actor.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { CaseKey } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { signal } from '#platform/signals.ts'
import { isAskable } from '../repository/carriers.ts'
import { insertQuestion, type Subscriber } from '../repository/questions.ts'
import { questionExpiry } from '../rules/question.ts'

export {
  /** Takes back a case's open questions: no carrier is given the number from now on. */
  closeQuestions,
  /** Forgets what carriers have named; that they answered stays. */
  forgetAnswers,
  /** Lets the reporter see what carriers have named. */
  releaseAnswers,
} from '../repository/questions.ts'

export interface QuestionRequest {
  readonly key: CaseKey
  readonly carrierId: string
  readonly msisdn: string
  /** 15 digits, of the phone that is asked about; or the subscriber whose phones are asked for. */
  readonly about: { readonly imei: string } | { readonly subscriber: Subscriber }
  readonly at: Instant
}

/**
 * Asks a carrier about a number of the last 90 days (`QUESTION_KINDS`), in the caller's transaction, and wakes
 * requests that wait for its questions. Whether the case's person agreed and the officer may is the caller's to know.
 */
export async function askQuestion(
  tx: Tx,
  actor: Actor,
  request: QuestionRequest,
): Promise<Result<string, 'already_open' | 'no_such_carrier'>> {
  const { at, carrierId } = request
  if (!(await isAskable(tx, carrierId))) return err('no_such_carrier')
  const { at: _, ...asked } = request
  const question = {
    ...asked,
    id: randomUUID(),
    askedById: actor.kind === 'staff' ? actor.id : null,
    askedAt: at,
    expiresAt: questionExpiry(at),
  }
  const seq = await insertQuestion(tx, question)
  if (seq === null) return err('already_open')
  await signal(tx, 'questions', carrierId)
  await audit(tx, {
    actor,
    act: 'question.ask',
    subject: { kind: 'case', id: request.key.caseId },
    facts: { question: question.id, carrier: carrierId, seq },
    at,
  })
  return ok(question.id)
}
