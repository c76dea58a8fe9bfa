import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/entries/acts.ts'
import type { Actor } from '#lib/access/actor.ts'
import { systemScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import { type CaseKey, seal } from '#platform/crypto.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { log } from '#platform/log.ts'
import { enqueue } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { signal, waitForNews } from '#platform/signals.ts'
import type { ChangesQuery } from '../book/data.ts'
import { ASKABLE_CARRIER } from '../carriers/data.ts'
import {
  type AnswerReceipt,
  type CarrierAnswer,
  INTERFACE_LIMITS,
  type Questions,
} from '../interface/rules.ts'
import {
  answerPlace,
  findQuestionHead,
  giveQuestions,
  insertQuestion,
  type LockedQuestion,
  lockQuestions,
  type QuestionAbout,
} from './data.ts'
import {
  type AnswerVerdict,
  type GivenAnswer,
  questionExpiry,
  readNetworkImeis,
  takeAnswer,
} from './rules.ts'

/**
 * Asks a carrier about a number of the last 90 days (`CARRIER_QUESTION_KINDS`), in the caller's transaction, and wakes waiting
 * requests. The caller checks the person's consent and the officer's permission.
 */
export async function askQuestion(
  tx: Tx,
  actor: Actor,
  request: {
    readonly key: CaseKey
    readonly carrierId: string
    readonly msisdn: string
    readonly about: QuestionAbout
    /** The kind of record to which the key belongs, if it is no case. */
    readonly subject?: 'registration'
    readonly at: Instant
  },
): Promise<Result<string, 'asked' | 'no_such_carrier'>> {
  const { at, carrierId, subject = 'case' } = request
  if ((await tx.carrier.count({ where: { id: carrierId, ...ASKABLE_CARRIER } })) === 0)
    return err('no_such_carrier')
  const { at: _, subject: __, ...asked } = request
  const question = {
    ...asked,
    id: randomUUID(),
    askedById: actor.kind === 'staff' ? actor.id : null,
    askedAt: at,
    expiresAt: questionExpiry(at),
  }
  const seq = await insertQuestion(tx, question)
  if (seq === null) return err('asked')
  await signal(tx, 'questions', carrierId)
  await audit(tx, {
    actor,
    act: 'question.ask',
    subject: { kind: subject, id: request.key.caseId },
    facts: { question: question.id, carrier: carrierId, seq },
    at,
  })
  return ok(question.id)
}

/**
 * Returns a carrier's unanswered questions after a sequence. If there are none it waits for one. Unlike a book, the
 * sequence has gaps: an answered or expired question is not given out again. Reading discloses numbers, so questions given out
 * are marked and audited.
 */
export async function readQuestions(
  carrierId: string,
  query: ChangesQuery,
  hungUp: AbortSignal,
): Promise<Result<Questions, 'beyond_head'>> {
  const { after } = query
  const head = await waitForNews('questions', carrierId, query, hungUp, findQuestionHead)
  if (after > head) return err('beyond_head')
  return ok(head > after ? await give(carrierId, query, head) : { after, next: head, head, entries: [] })
}

/** Gives a carrier its questions with their numbers. Each disclosure is audited. */
async function give(carrierId: string, { after, limit }: ChangesQuery, head: number): Promise<Questions> {
  const now = new Date()
  const entries = await inScope(systemScope(), () =>
    transaction(async (tx) => {
      const given = await giveQuestions(tx, carrierId, { after, upTo: head, limit }, now)
      const [first, last] = [given.at(0), given.at(-1)]
      if (first && last) {
        await audit(tx, {
          actor: { kind: 'carrier', id: carrierId },
          act: 'question.read',
          subject: { kind: 'carrier', id: carrierId },
          facts: { questions: given.length, first: first.seq, last: last.seq },
          at: now,
        })
      }
      return given
    }),
  )
  const last = entries.at(-1)
  return { after, next: last && entries.length === limit ? last.seq : head, head, entries }
}

/** Questions answered in one transaction: few enough to hold no lock for long. */
const ROWS_A_TRANSACTION = 50

type Receipt = Pick<AnswerReceipt, 'status' | 'detail'>
const UNKNOWN: Receipt = { status: 'unknown', detail: 'no such question of yours' }
const FUTURE: Receipt = { status: 'unknown', detail: 'at is in the future' }
const SAID: Readonly<Record<AnswerVerdict, Receipt>> = {
  recorded: { status: 'recorded' },
  duplicate: { status: 'duplicate' },
  answered_otherwise: { status: 'duplicate', detail: 'answered otherwise before; the first answer stands' },
  expired: { status: 'unknown', detail: 'expired or taken back; nothing was recorded' },
  other_kind: { status: 'unknown', detail: 'not an answer to a question of this kind; nothing was recorded' },
}

/**
 * Records a carrier's answers; returns one receipt per row, in the rows' order. A repeated answer is harmless. A row for another
 * carrier's question, for an expired one, or from the future changes nothing and is logged.
 */
export async function recordAnswers(
  carrierId: string,
  rows: readonly CarrierAnswer[],
  now: Instant,
): Promise<AnswerReceipt[]> {
  const receipts: AnswerReceipt[] = []
  for (let start = 0; start < rows.length; start += ROWS_A_TRANSACTION) {
    receipts.push(...(await recordSome(carrierId, rows.slice(start, start + ROWS_A_TRANSACTION), now)))
  }
  const refused = receipts.filter((receipt) => receipt.status === 'unknown')
  if (refused.length > 0) {
    const questions = [...new Set(refused.map((receipt) => receipt.question))].slice(0, 5)
    log().warn({ carrierId, rows: refused.length, questions }, 'a carrier sent answers that were refused')
  }
  return receipts
}

const recordSome = (carrierId: string, rows: readonly CarrierAnswer[], now: Instant) =>
  inScope(systemScope(), () =>
    transaction(async (tx) => {
      const ids = [...new Set(rows.map((row) => row.question.toLowerCase()))]
      const questions = new Map((await lockQuestions(tx, carrierId, ids)).map((one) => [one.id, one]))
      const receipts: AnswerReceipt[] = []
      for (const row of rows) {
        const question = questions.get(row.question.toLowerCase())
        const given = givenIn(row)
        const receipt = given.ok ? receiptFor(row, given.value, question, now) : given.error
        receipts.push({ question: row.question, ...receipt })
        if (!question || !given.ok || receipt.status !== 'recorded') continue
        questions.set(question.id, { ...question, ...given.value, answeredAt: now, open: false })
        const { answer, imeis } = given.value
        const sealedAnswer = imeis.length > 0 ? seal(question.key, answerPlace(question.id), imeis) : null
        const data = { answer, sealedAnswer, answeredAt: now, open: false }
        await tx.carrierQuestion.update({ where: { id: question.id }, data, select: { id: true } })
        // The carrier has confirmed the person as subscriber: the banks that they chose may be told.
        if (question.kind === 'subscriber_of_number' || answer === 'imeis')
          await enqueue(tx, 'alert-case', { caseId: question.caseId })
        // The number may have been ported: then other carriers are asked.
        else if (answer === 'not_subscriber') await enqueue(tx, 'imei-lookup', { caseId: question.caseId })
        await audit(tx, {
          actor: { kind: 'carrier', id: carrierId },
          act: 'question.answer',
          subject: { kind: 'question', id: question.id },
          caseId: question.caseId,
          facts: { answer, at: row.at ?? null },
          at: now,
        })
      }
      return receipts
    }),
  )

/** Parses a row's answer. The phones are for police alone, so a fault gives a position and no IMEI. */
function givenIn(row: CarrierAnswer): Result<GivenAnswer, Receipt> {
  if (row.imeis === undefined) return ok({ answer: row.answer, imeis: [] })
  const imeis = readNetworkImeis(row.imeis)
  if (imeis.ok) return ok({ answer: 'imeis', imeis: imeis.value })
  const { at, fault } = imeis.error
  return err({ status: 'unknown', detail: `imeis/${at} is no IMEI (${fault}); nothing was recorded` })
}

function receiptFor(
  row: CarrierAnswer,
  given: GivenAnswer,
  question: LockedQuestion | undefined,
  now: Instant,
): Receipt {
  if (!question) return UNKNOWN
  if (row.at !== undefined && new Date(row.at) > addMilliseconds(now, INTERFACE_LIMITS.clockSkewMs))
    return FUTURE
  return SAID[takeAnswer(question, given, now)]
}
