import '#server-only'
import { audit } from '#features/audit/commands.ts'
import { systemScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { log } from '#platform/log.ts'
import { enqueue } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { type LockedQuestion, lockQuestions, saveAnswer } from '../repository/questions.ts'
import { type AnswerReceipt, type CarrierAnswer, LIMITS } from '../rules/interface.ts'
import { type AnswerVerdict, type GivenAnswer, readNetworkImeis, takeAnswer } from '../rules/question.ts'

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
 * Records what a carrier answered, one receipt a row in the rows' order; the same answer twice is harmless. A row for
 * a question that is not this carrier's, that has expired, or from the future, changes nothing and is logged.
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

const recordSome = (
  carrierId: string,
  rows: readonly CarrierAnswer[],
  now: Instant,
): Promise<AnswerReceipt[]> =>
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
        await saveAnswer(tx, question, given.value, now)
        // The number may have been ported: then others are asked.
        if (given.value.answer === 'not_subscriber')
          await enqueue(tx, 'imei-lookup', { caseId: question.caseId })
        await audit(tx, {
          actor: { kind: 'carrier', id: carrierId },
          act: 'question.answer',
          subject: { kind: 'question', id: question.id },
          caseId: question.caseId,
          facts: { answer: given.value.answer, at: row.at ?? null },
          at: now,
        })
      }
      return receipts
    }),
  )

/** Reads what a row says; how many phones and which is for police alone, so that no fault names a number. */
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
  if (row.at !== undefined && new Date(row.at) > addMilliseconds(now, LIMITS.clockSkewMs)) return FUTURE
  return SAID[takeAnswer(question, given, now)]
}
