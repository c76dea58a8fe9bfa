import { firstPublic } from './question-kinds.ts'
import {
  asAsked,
  dependentsOf,
  HEADLINE,
  HEADLINE_KIND,
  hasOptions,
  type Question,
  type Questionnaire,
} from './questionnaire.ts'

/** Keeps a form under two minutes. */
export const REQUIRED_MAX = 8
export const QUESTIONS_MAX = 20
/** The number of questions that depend on the answer to one: `form.css` shows so many. */
export const DEPENDENTS_MAX = 3

/** A fault that keeps a draft from being published. */
export interface DraftProblem {
  readonly code:
    | 'headline_missing'
    | 'headline_changed'
    | 'key_repeated'
    | 'kind_changed'
    | 'words_missing'
    | 'options_few'
    | 'required_many'
    | 'questions_many'
    | 'basis_missing'
    | 'condition_broken'
    | 'condition_delicate'
    | 'dependents_many'
    | 'unchanged'
  /** The question that it is about. */
  readonly key?: string
}

const sameCodes = (a: Question, b: Question): boolean =>
  a.options.map(({ code }) => code).join() === b.options.map(({ code }) => code).join()

/**
 * Returns everything that has to be mended before a draft is published. An earlier version's key means the same kind of
 * question for ever: its figures stand side by side with the new ones.
 *
 * @param published every version that was ever published
 */
export function draftProblems(
  draft: Pick<Questionnaire, 'legalBasis' | 'questions'>,
  published: readonly Questionnaire[],
): readonly DraftProblem[] {
  const { questions } = draft
  const problems: DraftProblem[] = headlineProblems(questions, published)
  const keys = questions.map(({ key }) => key)
  for (const [at, question] of questions.entries()) {
    const { key } = question
    if (keys.indexOf(key) !== at) problems.push({ code: 'key_repeated', key })
    if (wordsMissing(question)) problems.push({ code: 'words_missing', key })
    if (hasOptions(question.kind) && question.options.length < 2) problems.push({ code: 'options_few', key })
    if (conditionBroken(question, questions)) problems.push({ code: 'condition_broken', key })
    if (conditionDelicate(question, questions)) problems.push({ code: 'condition_delicate', key })
    if (dependentsOf(key, questions).length > DEPENDENTS_MAX) problems.push({ code: 'dependents_many', key })
    const earlier = published.flatMap((one) => one.questions.filter((same) => same.key === key))
    if (earlier.some(({ kind }) => kind !== question.kind)) problems.push({ code: 'kind_changed', key })
  }
  if (questions.filter(({ required }) => required).length > REQUIRED_MAX)
    problems.push({ code: 'required_many' })
  if (questions.length > QUESTIONS_MAX) problems.push({ code: 'questions_many' })
  if (draft.legalBasis.trim() === '') problems.push({ code: 'basis_missing' })
  const same = published.some((one) => JSON.stringify(one.questions) === JSON.stringify(questions))
  if (same) problems.push({ code: 'unchanged' })
  return problems
}

/** Returns what is wrong with the headline question. It has to stay required, and keep its kind and options. */
function headlineProblems(
  questions: readonly Question[],
  published: readonly Questionnaire[],
): DraftProblem[] {
  const headline = questions.find(({ key }) => key === HEADLINE)
  if (headline === undefined) return [{ code: 'headline_missing' }]
  const before = published.flatMap((one) => one.questions.filter(({ key }) => key === HEADLINE))
  const kept =
    headline.required &&
    headline.kind === HEADLINE_KIND &&
    before.every((earlier) => sameCodes(earlier, headline))
  return kept ? [] : [{ code: 'headline_changed', key: HEADLINE }]
}

const mayBeParent = ({ kind, shownIf }: Question): boolean => shownIf === undefined && hasOptions(kind)

/** Returns the questions on whose answer another may depend: one level, so none where others depend on it. */
export const possibleParents = (questions: readonly Question[], key: string | null): readonly Question[] =>
  key !== null && (key === HEADLINE || dependentsOf(key, questions).length > 0)
    ? []
    : asAsked(questions).filter((one) => one.key !== key && mayBeParent(one))

function conditionBroken({ required, shownIf }: Question, questions: readonly Question[]): boolean {
  if (shownIf === undefined) return false
  const parent = questions.find(({ key }) => key === shownIf.key)
  if (required || parent === undefined || !mayBeParent(parent)) return true
  const codes = parent.options.map(({ code }) => code)
  return !shownIf.codes.every((code) => codes.includes(code))
}

/**
 * Tells whether a question is public before the answer that it depends on. It may not be: how many people were
 * asked says how many gave that answer.
 */
function conditionDelicate({ kind, shownIf }: Question, questions: readonly Question[]): boolean {
  const parent = questions.find(({ key }) => key === shownIf?.key)
  return parent !== undefined && firstPublic(kind) < firstPublic(parent.kind)
}

const wordsMissing = ({ vi, en, options }: Question): boolean =>
  [{ vi, en }, ...options].some((words) => words.vi.trim() === '' || words.en.trim() === '')

/** Returns the draft with a question added at the end, or in the place of the one of its key. */
export function putQuestion(questions: readonly Question[], question: Question): readonly Question[] {
  const at = questions.findIndex(({ key }) => key === question.key)
  return at < 0 ? [...questions, question] : questions.with(at, question)
}

/** Returns the draft without a question; the headline stays. */
export const removeQuestion = (questions: readonly Question[], key: string): readonly Question[] =>
  questions.filter((question) => question.key !== key || key === HEADLINE)

/** Returns the draft with a question moved one place up or down within its group in the form. */
export function moveQuestion(
  questions: readonly Question[],
  key: string,
  direction: 'up' | 'down',
): readonly Question[] {
  const order = asAsked(questions)
  const moved = order.find((question) => question.key === key)
  const alike = order.filter(
    ({ required, shownIf }) => required === moved?.required && shownIf?.key === moved.shownIf?.key,
  )
  const other = moved && alike[alike.indexOf(moved) + (direction === 'up' ? -1 : 1)]
  if (moved === undefined || other === undefined) return order
  return asAsked(order.with(order.indexOf(other), moved).with(order.indexOf(moved), other))
}

/** Returns a key that no version has used: a question keeps its key as long as it stays the same question. */
export function nextKey(versions: readonly { readonly questions: readonly Question[] }[]): string {
  const used = versions.flatMap(({ questions }) => questions.map(({ key }) => /^q(\d+)$/.exec(key)?.[1]))
  return `q${Math.max(0, ...used.map((digits) => Number(digits ?? 0))) + 1}`
}
