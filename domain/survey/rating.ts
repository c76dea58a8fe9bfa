import { err, ok, type Result } from '#domain/result.ts'
import type { Instant } from '#domain/time.ts'
import { compactCode, visible } from '#domain/writing.ts'
import type { Question } from './questionnaire.ts'
import { parseServiceDate } from './service-date.ts'

export interface Rating {
  /** Option code by question key. */
  readonly answers: Readonly<Record<string, string>>
  /** `YYYY-MM-DD` in the city. */
  readonly serviceDate: string
  readonly procedure: string | null
  /** As compared with others: upper case, without separators. */
  readonly dossierCode: string | null
  readonly comment: string | null
  readonly suggestion: string | null
}

/** By field name: the fault's name under `survey` in the messages. */
export type RatingFaults = Readonly<Record<string, string>>

/** In characters that a person sees. */
const PROCEDURE_MAX = 200
const TEXT_MAX = 2_000
/** One seen character can be any number of code points: what is stored has a bound of its own. */
const CODE_POINTS_A_CHARACTER = 8

/** How many characters a person sees in a text (Unicode's extended grapheme clusters, UAX #29). */
const seen = (text: string): number => {
  let count = 0
  for (const _ of new Intl.Segmenter('vi', { granularity: 'grapheme' }).segment(text)) count++
  return count
}

/**
 * Reads the form of a rating against the version of the questions that it was shown. Every fault is found at once, so
 * that nobody has to send it twice to learn of the second.
 *
 * @param typed each field once; anything that is no field of a rating is not looked at
 */
export function readRating(
  typed: Readonly<Record<string, string>>,
  questions: readonly Question[],
  now: Instant,
): Result<Rating, RatingFaults> {
  const faults: Record<string, string> = {}
  const answers = readAnswers(typed, questions, faults)
  const date = parseServiceDate(typed.serviceDate ?? '', now)
  if (!date.ok) faults.serviceDate = `serviceDate.${date.error}`
  const procedure = freeText(typed, 'procedure', PROCEDURE_MAX, faults)
  const dossierCode = readDossierCode(typed, faults)
  const comment = freeText(typed, 'comment', TEXT_MAX, faults)
  const suggestion = freeText(typed, 'suggestion', TEXT_MAX, faults)
  if (!date.ok || Object.keys(faults).length > 0) return err(faults)
  return ok({ answers, serviceDate: date.value, procedure, dossierCode, comment, suggestion })
}

function readAnswers(
  typed: Readonly<Record<string, string>>,
  questions: readonly Question[],
  faults: Record<string, string>,
): Record<string, string> {
  const answers: Record<string, string> = {}
  for (const { key, required, options } of questions) {
    const code = Object.hasOwn(typed, key) ? (typed[key] ?? '') : ''
    if (options.some((option) => option.code === code)) answers[key] = code
    else if (code !== '') faults[key] = 'answer.unknown'
    else if (required) faults[key] = 'answer.empty'
  }
  return answers
}

function readDossierCode(
  typed: Readonly<Record<string, string>>,
  faults: Record<string, string>,
): string | null {
  const code = compactCode((typed.dossierCode ?? '').slice(0, 400)).toUpperCase()
  if (code === '') return null
  if (!/^[\p{L}\p{N}]{4,40}$/u.test(code)) faults.dossierCode = 'dossierCode.format'
  return code
}

function freeText(
  typed: Readonly<Record<string, string>>,
  field: string,
  max: number,
  faults: Record<string, string>,
): string | null {
  // PostgreSQL holds no NUL; browsers send line ends as CRLF.
  const text = (typed[field] ?? '').replaceAll('\0', '').replace(/\r\n?/g, '\n').trim()
  if (visible(text).trim() === '') return null
  if (text.length > 2 * max * CODE_POINTS_A_CHARACTER || seen(text) > max) faults[field] = `${field}.too_long`
  return text
}
