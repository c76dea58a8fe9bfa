import { findPersonal, type PersonalKind } from '#features/ratings/masking/rules.ts'
import { allValues, lastValue, type RawForm } from '#lib/raw-form.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { countGraphemes, foldDiacritics } from '#lib/text-normalization.ts'
import { possibleParents } from '../versions/draft-rules.ts'
import { fixedOptions, hasOptions, type Question, type QuestionKind, type QuestionOption } from './rules.ts'

const OPTIONS_MAX = 12
/** The longest question, in graphemes. */
const QUESTION_MAX = 300
const OPTION_MAX = 120

export interface OptionRow {
  readonly code: string
  readonly vi: string
  readonly en: string
}

/** Returns the option rows of a question's form: a scale's fixed ones, or the existing ones and two more, at least four. */
export function optionRows({ kind, options }: Pick<Question, 'kind' | 'options'>): readonly OptionRow[] {
  const empty = (code: string): OptionRow => ({ code, vi: '', en: '' })
  if (!hasOptions(kind)) return []
  const fixed = fixedOptions(kind)
  if (fixed !== null) return fixed.map((code) => options.find((one) => one.code === code) ?? empty(code))
  const spare = Array.from({ length: Math.max(2, 4 - options.length) }, () => empty(''))
  return [...options, ...spare].slice(0, Math.max(OPTIONS_MAX, options.length))
}

/** Returns a line of text in its stored form: without control characters, with single blanks and composed letters. */
const line = (typed: RawForm, field: string): string =>
  lastValue(typed, field)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .normalize('NFC')

/**
 * Parses the form of one question of a draft. Its fields are `vi`, `en`, `source`, `sourceEn`, `required`, and for each
 * row of options `optionCodeN`, `optionOrderN`, `optionViN`, `optionEnN`. An empty row is not an option. Each question
 * that this one may depend on has a field {@link conditionField} with the codes.
 *
 * @param others the questions of its draft
 */
export function readQuestion(
  typed: RawForm,
  { key, kind }: { readonly key: string; readonly kind: QuestionKind },
  others: readonly Question[],
): Result<Question, WordFaults> {
  const faults: Record<string, string> = {}
  const words = (field: string, max: number): string => {
    const text = line(typed, field)
    if (text === '') faults[field] = 'words.empty'
    else if (countGraphemes(text) > max)
      faults[field] = max === OPTION_MAX ? 'option.too_long' : 'words.too_long'
    return text
  }
  const vi = words('vi', QUESTION_MAX)
  const en = words('en', QUESTION_MAX)
  const source = line(typed, 'source')
  if (countGraphemes(source) > QUESTION_MAX) faults.source = 'words.too_long'
  const sourceEn = line(typed, 'sourceEn')
  if (countGraphemes(sourceEn) > QUESTION_MAX) faults.sourceEn = 'words.too_long'
  const options = hasOptions(kind) ? readOptions(typed, kind, words, faults) : []
  const required = lastValue(typed, 'required') !== ''
  const shownIf = readCondition(typed, possibleParents(others, key), faults)
  if (required && shownIf !== undefined) faults.required = 'condition.required'
  if (Object.keys(faults).length > 0) return err(faults)
  return ok({
    key,
    kind,
    required,
    vi,
    en,
    options,
    source,
    ...(sourceEn !== '' && { sourceEn }),
    ...(shownIf && { shownIf }),
  })
}

export const conditionField = (parent: string): string => `shownIf_${parent}`

function readCondition(
  typed: RawForm,
  parents: readonly Question[],
  faults: Record<string, string>,
): Question['shownIf'] {
  const [chosen, second] = parents.flatMap(({ key, options }) => {
    const sent = allValues(typed, conditionField(key))
    const codes = options.map(({ code }) => code).filter((code) => sent.includes(code))
    return codes.length > 0 ? [{ key, codes }] : []
  })
  if (second !== undefined) faults[conditionField(second.key)] = 'condition.two'
  return chosen
}

function readOptions(
  typed: RawForm,
  kind: QuestionKind,
  words: (field: string, max: number) => string,
  faults: Record<string, string>,
): QuestionOption[] {
  const fixed = fixedOptions(kind)
  const taken: string[] = []
  const rows: { readonly order: number; readonly option: QuestionOption }[] = []
  for (let n = 1; n <= OPTIONS_MAX; n++) {
    if (line(typed, `optionVi${n}`) === '' && line(typed, `optionEn${n}`) === '') continue
    const vi = words(`optionVi${n}`, OPTION_MAX)
    const en = words(`optionEn${n}`, OPTION_MAX)
    const code = readCode(lastValue(typed, `optionCode${n}`), en, fixed, taken)
    if (rows.some(({ option }) => option.vi === vi)) faults[`optionVi${n}`] ??= 'option.repeated'
    if (rows.some(({ option }) => option.en === en)) faults[`optionEn${n}`] ??= 'option.repeated'
    taken.push(code)
    rows.push({ order: fixed === null ? readOrder(typed, n) : n, option: { code, vi, en } })
  }
  if (fixed !== null) {
    for (const [at, code] of fixed.entries()) {
      if (code !== 'na' && !taken.includes(code)) faults[`optionVi${at + 1}`] ??= 'option.scale'
    }
  } else if (rows.length < 2) faults[`optionVi${rows.length + 1}`] ??= 'option.few'
  return rows.toSorted((a, b) => a.order - b.order).map(({ option }) => option)
}

function readOrder(typed: RawForm, n: number): number {
  const order = Number(lastValue(typed, `optionOrder${n}`) || n)
  return Number.isFinite(order) ? order : n
}

/** Returns an option's code. An existing option keeps its code; a new one gets a readable code, since the open data shows it. */
function readCode(sent: string, en: string, fixed: readonly string[] | null, taken: readonly string[]) {
  const free = (code: string) => /^[a-z0-9_]{1,20}$/.test(code) && !taken.includes(code)
  if (free(sent) && (fixed === null || fixed.includes(sent))) return sent
  const slug = foldDiacritics(en)
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, 17)
    .replace(/^_+|_+$/g, '')
  const base = slug === '' ? 'o' : slug
  for (let n = 1; ; n++) {
    const code = n === 1 && slug !== '' ? base : `${base}_${n}`
    if (free(code)) return code
  }
}

/** The longest texts, in graphemes; the public page shows many of them. */
const MOST = {
  said: 500,
  answer: 1_000,
  promise: 300,
  done: 500,
  reason: 500,
  withdraw: 500,
  summary: 300,
  reversal: 500,
  basis: 300,
  change: 600,
  legalBasis: 1_000,
  recommendations: 4_000,
} as const
type Kind = keyof typeof MOST

/** Faults by field, named as under the form's noun in the messages; the message `personal` is the same for all forms. */
export type WordFaults = Readonly<Record<string, string>>

/** The kinds of personal data that an office may publish: an address, and the name of a company. */
const MAY_BE_PUBLIC = new Set<PersonalKind>(['address', 'company'])

/** Returns the fault of a public text: too long, or with personal data but an address or a company; otherwise null. */
export function wordFault(text: string, kind: Kind): string | null {
  if (countGraphemes(text) > MOST[kind]) return `${kind}.too_long`
  return findPersonal(text).some(({ kind: found }) => !MAY_BE_PUBLIC.has(found)) ? 'personal' : null
}

/** Parses public texts, and collects each one's fault by field. */
export class PublicWords {
  readonly faults: Record<string, string> = {}
  readonly typed: RawForm
  constructor(typed: RawForm) {
    this.typed = typed
  }

  text(field: string, kind: Kind, needed: boolean): string | null {
    const text = lastValue(this.typed, field)
      .replaceAll('\0', '')
      .replace(/\r\n?/g, '\n')
      .trim()
      .normalize('NFC')
    if (text === '') {
      if (needed) this.faults[field] = `${kind}.empty`
      return null
    }
    const fault = wordFault(text, kind)
    if (fault !== null) this.faults[field] = fault
    return text
  }

  result<T>(value: T): Result<T, WordFaults> {
    return Object.keys(this.faults).length > 0 ? err(this.faults) : ok(value)
  }
}
