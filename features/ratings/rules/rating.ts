import { isInWords, kindOf } from '#features/questionnaires/rules/question-kinds.ts'
import {
  type Answer,
  asAsked,
  type GivenAnswers,
  isAskedOf,
  type Question,
  type QuestionKind,
} from '#features/questionnaires/rules/questionnaire.ts'
import { lastValue, type RawForm } from '#lib/raw-form.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { compactCode, countGraphemes, stripInvisible } from '#lib/text-normalization.ts'
import type { Instant } from '#lib/time.ts'
import { readServiceDay } from './service-date.ts'

export interface Rating {
  readonly answers: GivenAnswers
  /** The words that were written to open questions, by question key: kept apart from the answers. */
  readonly texts: Readonly<Record<string, string>>
  /** `YYYY-MM-DD` in the city. */
  readonly serviceDate: string
  readonly procedure: string | null
  /** In the form in which codes are compared: upper case, without separators. */
  readonly dossierCode: string | null
  readonly comment: string | null
  readonly suggestion: string | null
}

/** Names of faults under `survey` in the messages, by field name. */
export type RatingFaults = Readonly<Record<string, string>>

/** In graphemes. */
const PROCEDURE_MAX = 200
const TEXT_MAX = 2_000
/** A grapheme can have any number of code points, so the stored text has a bound of its own. */
const CODE_POINTS_A_CHARACTER = 8

/**
 * Reads the form of a rating against the version of the questions that it was shown. Returns every fault at once, so
 * that the form is sent again only once.
 *
 * @param typed fields that are not part of a rating are ignored
 */
export function readRating(
  typed: RawForm,
  questions: readonly Question[],
  now: Instant,
): Result<Rating, RatingFaults> {
  const faults: Record<string, string> = {}
  const answers = readAnswers(typed, questions, faults)
  const asked = questions.filter((question) => isAskedOf(question, answers))
  const texts = readTexts(typed, asked, faults)
  const said = { when: lastValue(typed, 'serviceWhen'), date: lastValue(typed, 'serviceDate') }
  const date = readServiceDay(said, now)
  if (!date.ok) faults.serviceDate = `serviceDate.${date.error}`
  const procedure = freeText(typed, 'procedure', PROCEDURE_MAX, faults)
  const dossierCode = readDossierCode(typed, faults)
  const comment = freeText(typed, 'comment', TEXT_MAX, faults)
  const suggestion = freeText(typed, 'suggestion', TEXT_MAX, faults)
  if (!date.ok || Object.keys(faults).length > 0) return err(faults)
  return ok({ answers, texts, serviceDate: date.value, procedure, dossierCode, comment, suggestion })
}

/** Returns the fault of a question of this kind that has to be answered and is not. */
export const emptyFault = (kind: QuestionKind) => kindOf(kind).empty

function readAnswers(
  typed: RawForm,
  questions: readonly Question[],
  faults: Record<string, string>,
): Record<string, Answer> {
  const answers: Record<string, Answer> = {}
  for (const question of asAsked(questions)) {
    const { key, kind, required, options } = question
    const { read } = kindOf(kind)
    // A question may have been answered before another answer took it away: that is not this person's answer.
    if (read === 'words' || !isAskedOf(question, answers)) continue
    const given = read.given(typed, key).filter((code) => code !== '')
    const known = options.map(({ code }) => code).filter((code) => given.includes(code))
    const [first, ...rest] = known
    if (given.some((code) => !known.includes(code))) faults[key] = 'answer.unknown'
    else if (first !== undefined) answers[key] = read.kept([first, ...rest])
    else if (required) faults[key] = emptyFault(kind)
  }
  return answers
}

function readTexts(
  typed: RawForm,
  questions: readonly Question[],
  faults: Record<string, string>,
): Record<string, string> {
  const texts: Record<string, string> = {}
  for (const { key, kind, required } of questions) {
    if (!isInWords(kind)) continue
    const text = freeText(typed, key, TEXT_MAX, faults, 'answer')
    if (text !== null) texts[key] = text
    else if (required) faults[key] = emptyFault(kind)
  }
  return texts
}

function readDossierCode(typed: RawForm, faults: Record<string, string>): string | null {
  const code = compactCode(lastValue(typed, 'dossierCode').slice(0, 400)).toUpperCase()
  if (code === '') return null
  if (!/^[\p{L}\p{N}]{4,40}$/u.test(code)) faults.dossierCode = 'dossierCode.format'
  return code
}

function freeText(
  typed: RawForm,
  field: string,
  max: number,
  faults: Record<string, string>,
  faultOf = field,
): string | null {
  // PostgreSQL holds no NUL; browsers send line ends as CRLF.
  const text = lastValue(typed, field).replaceAll('\0', '').replace(/\r\n?/g, '\n').trim()
  if (stripInvisible(text).trim() === '') return null
  if (text.length > 2 * max * CODE_POINTS_A_CHARACTER || countGraphemes(text) > max)
    faults[field] = `${faultOf}.too_long`
  return text
}
