import {
  asAsked,
  HEADLINE,
  HEADLINE_KIND,
  hasOptions,
  type Question,
  type Questionnaire,
} from './questionnaire.ts'

/** So that it is done in under two minutes. */
export const REQUIRED_MAX = 8
export const QUESTIONS_MAX = 20

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

/** The question of every headline stays what it was: required, of its kind, with its options. */
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

/** Returns the draft with a question one place up or down among those that stand with it in the form. */
export function moveQuestion(
  questions: readonly Question[],
  key: string,
  direction: 'up' | 'down',
): readonly Question[] {
  const order = asAsked(questions)
  const at = order.findIndex((question) => question.key === key)
  const to = direction === 'up' ? at - 1 : at + 1
  const [moved, other] = [order[at], order[to]]
  if (moved === undefined || other === undefined || moved.required !== other.required) return order
  return order.with(to, moved).with(at, other)
}

/** Returns a key that no version has ever used: a question keeps its key for as long as it is the same question. */
export function nextKey(versions: readonly { readonly questions: readonly Question[] }[]): string {
  const used = versions.flatMap(({ questions }) => questions.map(({ key }) => /^q(\d+)$/.exec(key)?.[1]))
  return `q${Math.max(0, ...used.map((digits) => Number(digits ?? 0))) + 1}`
}
