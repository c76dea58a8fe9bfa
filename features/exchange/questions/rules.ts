import { type Imei, parseImei } from '#lib/imei/imei.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR, type Instant } from '#lib/time.ts'

/**
 * `number_in_imei`: was this number seen in this IMEI in the last 90 days? `imei_of_number`: in which IMEIs was it
 * seen? `subscriber_of_number`: is it the number of the person with this id number?
 */
export const CARRIER_QUESTION_KINDS = ['number_in_imei', 'imei_of_number', 'subscriber_of_number'] as const
export type NumberQuestion = (typeof CARRIER_QUESTION_KINDS)[number]
/** `notify_holder`: will you pass this text on to the person who holds this phone? */
export type CarrierQuestionKind = NumberQuestion | 'notify_holder'

export const SIM_ANSWERS = ['yes', 'no', 'unknown'] as const
export type SimAnswer = (typeof SIM_ANSWERS)[number]

const LOOKUP_ANSWERS = ['imeis', 'not_subscriber', 'unknown'] as const
export type LookupAnswer = (typeof LOOKUP_ANSWERS)[number]

const SUBSCRIBER_ANSWERS = ['yes', 'not_subscriber', 'unknown'] as const

const ANSWERS_OF: Readonly<Record<CarrierQuestionKind, readonly string[]>> = {
  number_in_imei: SIM_ANSWERS,
  imei_of_number: LOOKUP_ANSWERS,
  subscriber_of_number: SUBSCRIBER_ANSWERS,
  notify_holder: SIM_ANSWERS,
}

export const MOST_IMEIS_OF_NUMBER = 8

/** Milliseconds after which a question is late: a carrier has as long as for an order. */
export const QUESTION_LATE = 24 * HOUR

const lateFrom = (askedAt: Instant): Instant => addMilliseconds(askedAt, QUESTION_LATE)

/** Returns when a question lapses: a number is not disclosed for longer than the answer is useful. */
export const questionExpiry = (askedAt: Instant): Instant => addMilliseconds(askedAt, 7 * DAY)

interface QuestionTimes {
  readonly askedAt: Instant
  readonly expiresAt: Instant
  readonly answeredAt: Instant | null
  /** False once it is answered or withdrawn. */
  readonly open: boolean
}

const QUESTION_STATES = ['asked', 'late', 'answered', 'taken_back', 'expired'] as const
export type QuestionState = (typeof QUESTION_STATES)[number]

export function questionState(question: QuestionTimes, now: Instant): QuestionState {
  if (question.answeredAt !== null) return 'answered'
  if (now >= question.expiresAt) return 'expired'
  if (!question.open) return 'taken_back'
  return now > lateFrom(question.askedAt) ? 'late' : 'asked'
}

export interface GivenAnswer {
  readonly answer: SimAnswer | LookupAnswer
  readonly imeis: readonly string[]
}

export interface CarrierQuestion extends QuestionTimes {
  readonly kind: CarrierQuestionKind
  readonly answer: SimAnswer | LookupAnswer | null
  /** The answered IMEIs; null once they are deleted. */
  readonly imeis: readonly string[] | null
}

export type AnswerVerdict = 'recorded' | 'duplicate' | 'answered_otherwise' | 'expired' | 'other_kind'

/** Returns the effect of an answer. The first answer is kept; to correct a wrong one the carrier has to be asked again. */
export function takeAnswer(question: CarrierQuestion, given: GivenAnswer, now: Instant): AnswerVerdict {
  if (!ANSWERS_OF[question.kind].includes(given.answer)) return 'other_kind'
  if (question.answer !== null) {
    const same = question.imeis === null || question.imeis.toSorted().join() === given.imeis.toSorted().join()
    return question.answer === given.answer && same ? 'duplicate' : 'answered_otherwise'
  }
  return now >= question.expiresAt || !question.open ? 'expired' : 'recorded'
}

/**
 * Parses an IMEI as a network knows it: in signalling the check digit is a spare 0 (3GPP TS 23.003 §6.2.1), and 16 digits are an
 * IMEISV.
 */
function parseNetworkImei(digits: string): Result<Imei, string> {
  const parsed = parseImei(digits)
  const spare = !parsed.ok && parsed.error === 'check_digit' && /^\d{14}0$/.test(digits)
  return spare ? parseImei(digits.slice(0, 14)) : parsed
}

/**
 * Parses the IMEIs of an answer to 15 digits, each phone once, in order; or returns the position and fault of the first invalid
 * one.
 */
export function readNetworkImeis(
  told: readonly string[],
): Result<readonly string[], { readonly at: number; readonly fault: string }> {
  const imeis = new Map<string, string>()
  for (const [at, digits] of told.entries()) {
    const parsed = parseNetworkImei(digits)
    if (!parsed.ok) return err({ at, fault: parsed.error })
    imeis.set(parsed.value.key, parsed.value.imei)
  }
  return ok([...imeis.values()])
}

export interface AskedCarrier {
  readonly carrierId: string
  readonly answer: SimAnswer | LookupAnswer | null
}

/**
 * Returns the carriers to ask next for the phones or the subscriber of a number. The id number goes to as few as possible: first
 * to the carrier of the number's prefix, and to the others once that one denies the subscriber, because numbers are ported.
 *
 * @param hint the carrier of the number's prefix; null if it is unknown
 * @param active the active carriers; one on paper is not asked, and no other in its place
 */
export function carriersToLookUp(
  asked: readonly AskedCarrier[],
  hint: string | null,
  active: readonly string[],
): readonly string[] {
  if (asked.some(({ answer }) => answer !== 'not_subscriber')) return []
  if (asked.length === 0 && hint !== null && active.includes(hint)) return [hint]
  return active.filter((id) => !asked.some(({ carrierId }) => carrierId === id))
}
