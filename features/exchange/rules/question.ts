import { addMilliseconds, DAY, HOUR, type Instant } from '#lib/time.ts'

/** Was this number seen in this IMEI in the last 90 days? */
export const SIM_ANSWERS = ['yes', 'no', 'unknown'] as const
export type SimAnswer = (typeof SIM_ANSWERS)[number]

/** From when on a question is late: a carrier has as long for it as for an order. */
const lateFrom = (askedAt: Instant): Instant => addMilliseconds(askedAt, 24 * HOUR)

/** Returns when a question lapses: the number is not held out for longer than an answer is of use. */
export const questionExpiry = (askedAt: Instant): Instant => addMilliseconds(askedAt, 7 * DAY)

export interface QuestionTimes {
  readonly askedAt: Instant
  readonly expiresAt: Instant
  readonly answeredAt: Instant | null
}

export const QUESTION_STATES = ['asked', 'late', 'answered', 'expired'] as const
export type QuestionState = (typeof QUESTION_STATES)[number]

/** Returns the state of a question. */
export function questionState(question: QuestionTimes, now: Instant): QuestionState {
  if (question.answeredAt !== null) return 'answered'
  if (now >= question.expiresAt) return 'expired'
  return now > lateFrom(question.askedAt) ? 'late' : 'asked'
}

/** The facts of a question that are known before it is answered. */
export interface AskedQuestion extends QuestionTimes {
  readonly answer: SimAnswer | null
}

export type AnswerVerdict = 'recorded' | 'duplicate' | 'answered_otherwise' | 'expired'

/** Returns what becomes of an answer. The first one stands: a carrier that finds it was wrong is asked again. */
export function takeAnswer(question: AskedQuestion, answer: SimAnswer, now: Instant): AnswerVerdict {
  if (question.answer !== null) return question.answer === answer ? 'duplicate' : 'answered_otherwise'
  return now >= question.expiresAt ? 'expired' : 'recorded'
}
