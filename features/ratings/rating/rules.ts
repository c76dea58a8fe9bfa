import {
  type Answer,
  asAsked,
  type GivenAnswers,
  isAskedOf,
  isInWords,
  kindOf,
  type Question,
  type QuestionKind,
} from '#features/questionnaires/questions/rules.ts'
import { checkCharacter, isCrockford, type Random, randomCharacters, readCharacters } from '#lib/crockford.ts'
import { lastValue, type RawForm } from '#lib/raw-form.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { compactCode, countGraphemes, stripInvisible } from '#lib/text-normalization.ts'
import { addMilliseconds, DAY, type Instant, localDate } from '#lib/time.ts'
import { parseDay } from '#lib/written-day.ts'
import { readProcedure } from '../procedures/rules.ts'

export interface Rating {
  readonly answers: GivenAnswers
  /** The texts written to open questions, by question key. They are kept apart from the answers. */
  readonly texts: Readonly<Record<string, string>>
  /** `YYYY-MM-DD` in the city's time. */
  readonly serviceDate: string
  /** The id of the catalogue's procedure; otherwise the typed words, which are in no figure and on no page. */
  readonly procedure: string | null
  /** In the form used for comparing codes: upper case, without separators. */
  readonly dossierCode: string | null
  readonly comment: string | null
  readonly suggestion: string | null
}

/** Names of faults under `survey` in the messages, by field name. */
export type RatingFaults = Readonly<Record<string, string>>

/** In graphemes. */
const PROCEDURE_MAX = 200
const TEXT_MAX = 2_000
/** A grapheme can have any number of code points, so the stored text has its own limit. */
const CODE_POINTS_A_CHARACTER = 8

/** Reads a rating against the version that its form showed. Returns every fault at once, in the order of the page. */
export function readRating(
  typed: RawForm,
  questions: readonly Question[],
  now: Instant,
): Result<Rating, RatingFaults> {
  const faults: Record<string, string> = {}
  const said = { when: lastValue(typed, 'serviceWhen'), date: lastValue(typed, 'serviceDate') }
  const date = readServiceDay(said, now)
  if (!date.ok) faults.serviceDate = `serviceDate.${date.error}`
  const answers = readAnswers(typed, questions, faults)
  const asked = questions.filter((question) => isAskedOf(question, answers))
  const texts = readTexts(typed, asked, faults)
  const named = freeText(typed, 'procedure', PROCEDURE_MAX, faults)
  const procedure = named && (readProcedure(named) ?? named)
  const dossierCode = readDossierCode(typed, faults)
  const comment = freeText(typed, 'comment', TEXT_MAX, faults)
  const suggestion = freeText(typed, 'suggestion', TEXT_MAX, faults)
  if (!date.ok || Object.keys(faults).length > 0) return err(faults)
  return ok({ answers, texts, serviceDate: date.value, procedure, dossierCode, comment, suggestion })
}

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
    // A question may have been answered before another answer hid it. That answer is dropped.
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

function readTexts(typed: RawForm, questions: readonly Question[], faults: Record<string, string>) {
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
  // PostgreSQL stores no NUL; browsers send line ends as CRLF.
  const text = lastValue(typed, field).replaceAll('\0', '').replace(/\r\n?/g, '\n').trim()
  if (stripInvisible(text).trim() === '') return null
  if (text.length > 2 * max * CODE_POINTS_A_CHARACTER || countGraphemes(text) > max)
    faults[field] = `${faultOf}.too_long`
  return text
}

/** `DG-XXXX-XXXX-XXXX-C`: 60 random bits and a check character. It proves that an answer is counted, and leads to none. */
export type ReceiptNumber = string & { readonly __brand: 'ReceiptNumber' }

const PREFIX = 'DG'
const BODY_LENGTH = 12

const write = (body: string): ReceiptNumber =>
  [PREFIX, ...(body.match(/.{4}/g) ?? []), checkCharacter(body)].join('-') as ReceiptNumber

export const newReceiptNumber = (random: Random): ReceiptNumber =>
  write(randomCharacters(random, BODY_LENGTH))

/** Reads a receipt number in any case and grouping, with or without its prefix; null for any other text. */
export function parseReceiptNumber(input: string): ReceiptNumber | null {
  const characters = readCharacters(input.slice(0, 100))
  const prefixed = characters.length === PREFIX.length + BODY_LENGTH + 1 && characters.startsWith(PREFIX)
  const code = prefixed ? characters.slice(PREFIX.length) : characters
  if (!isCrockford(code, BODY_LENGTH + 1)) return null
  const body = code.slice(0, BODY_LENGTH)
  return checkCharacter(body) === code.slice(BODY_LENGTH) ? write(body) : null
}

/** `after`: the day is said to be after the agency's end, when another agency has its tasks. */
type ServiceDateFault = 'empty' | 'format' | 'impossible' | 'future' | 'too_old' | 'after'

/** The choices beside the typed date; `other` needs the date. */
export type ServiceDay = 'today' | 'yesterday' | 'after' | 'other'

/** Returns the same day a year before a local date. 29 February becomes 1 March: it is later, and so never too lenient. */
const yearBefore = (date: string): string => {
  const day = new Date(date)
  day.setUTCFullYear(day.getUTCFullYear() - 1)
  return day.toISOString().slice(0, 10)
}

export const serviceDates = (now: Instant): { readonly first: string; readonly last: string } => ({
  first: yearBefore(localDate(now)),
  last: localDate(now),
})

export const yesterday = (now: Instant): string => localDate(addMilliseconds(now, -DAY))

/** Parses the day of a service: today or up to a year back in the city's time. Returns `YYYY-MM-DD`. */
export function parseServiceDate(input: string, now: Instant): Result<string, ServiceDateFault> {
  const day = parseDay(input)
  if (!day.ok) return day
  const at = day.value
  const date = localDate(at)
  const { first, last } = serviceDates(now)
  // Compared as a time: as text, years of more digits would compare wrongly.
  if (at > now) return err('future')
  return date < first || date > last ? err('too_old') : ok(date)
}

/** Reads the day of a service from a form. A typed date is preferred to the choice beside it. */
function readServiceDay(
  { when, date }: { readonly when: string; readonly date: string },
  now: Instant,
): Result<string, ServiceDateFault> {
  const written = parseServiceDate(date, now)
  if (written.ok || written.error !== 'empty') return written
  if (when === 'today') return ok(localDate(now))
  if (when === 'yesterday') return ok(yesterday(now))
  return err(when === 'after' ? 'after' : 'empty')
}

/** The act under which a rating is stored, so that a form counts once. It is stored with the month, never with the day. */
export const RATING_ACT = 'survey.rate'

/** The act of a kiosk answer. It is stored for longer: the device may be offline for a month before it sends again. */
export const KIOSK_ACT = 'survey.rate_at_kiosk'

export type RatingAct = typeof RATING_ACT | typeof KIOSK_ACT

/** The ways to open a form: from the site, or by a poster's code. Answers at kiosks and by invitation are separate. */
export const ANSWER_CHANNELS = ['web', 'poster'] as const
export type AnswerChannel = (typeof ANSWER_CHANNELS)[number]

/** The query parameter for the way in which the form was opened. */
export const CHANNEL_PARAMETER = 'kenh'

export const POSTER_QUERY = { [CHANNEL_PARAMETER]: 'poster' } as const

/** Reads the parameter or the form's field; any other text means the site. Nobody can claim an invitation with it. */
export const parseChannel = (text: unknown): 'web' | 'poster' => (text === 'poster' ? 'poster' : 'web')
