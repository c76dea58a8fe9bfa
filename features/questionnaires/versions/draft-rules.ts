import {
  asAsked,
  dependentsOf,
  firstPublic,
  HEADLINE,
  HEADLINE_KIND,
  hasOptions,
  type Question,
  type Questionnaire,
  type QuestionOption,
} from '../questions/rules.ts'

/** Keeps a form under two minutes. */
export const REQUIRED_MAX = 8
const QUESTIONS_MAX = 20
/** The most questions that depend on the answer to one; `form.css` can show this many. */
export const DEPENDENTS_MAX = 3

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
  readonly key?: string
}

const sameCodes = (a: Question, b: Question): boolean =>
  a.options.map(({ code }) => code).join() === b.options.map(({ code }) => code).join()

/** Returns everything to fix before a draft is published. A key stands for one kind of question forever. */
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

/** Returns the faults of the headline question, which must stay required and keep its kind and options. */
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

/** Returns the questions that another may depend on. There is only one level, so a question that others depend on gets none. */
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

/** Checks whether a question becomes public before its condition: the number asked would reveal who gave that answer. */
function conditionDelicate({ kind, shownIf }: Question, questions: readonly Question[]): boolean {
  const parent = questions.find(({ key }) => key === shownIf?.key)
  return parent !== undefined && firstPublic(kind) < firstPublic(parent.kind)
}

const wordsMissing = ({ vi, en, options }: Question): boolean =>
  [{ vi, en }, ...options].some((words) => words.vi.trim() === '' || words.en.trim() === '')

export function putQuestion(questions: readonly Question[], question: Question): readonly Question[] {
  const at = questions.findIndex(({ key }) => key === question.key)
  return at < 0 ? [...questions, question] : questions.with(at, question)
}

export const removeQuestion = (questions: readonly Question[], key: string): readonly Question[] =>
  questions.filter((question) => question.key !== key || key === HEADLINE)

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

/** Returns a key that no version has used: a key always stands for the same question. */
export function nextKey(versions: readonly { readonly questions: readonly Question[] }[]): string {
  const used = versions.flatMap(({ questions }) => questions.map(({ key }) => /^q(\d+)$/.exec(key)?.[1]))
  return `q${Math.max(0, ...used.map((digits) => Number(digits ?? 0))) + 1}`
}

export type QuestionChange =
  | { readonly kind: 'added' | 'removed' | 'moved'; readonly question: Question }
  | { readonly kind: 'reworded'; readonly question: Question; readonly before: Question }
  | { readonly kind: 'required' | 'optional'; readonly question: Question }
  /** The new condition: these answers to another question, or null for everybody. */
  | {
      readonly kind: 'condition'
      readonly question: Question
      readonly after: { readonly parent: Question; readonly options: readonly QuestionOption[] } | null
    }
  | {
      readonly kind: 'options'
      readonly question: Question
      readonly added: readonly QuestionOption[]
      readonly removed: readonly QuestionOption[]
      readonly reworded: readonly { readonly before: QuestionOption; readonly after: QuestionOption }[]
      readonly reordered: boolean
    }

/** Returns the common items that moved, the fewest possible: those outside a longest increasing subsequence. */
function moved(before: readonly string[], after: readonly string[]): ReadonlySet<string> {
  const common = after.filter((key) => before.includes(key))
  const places = common.map((key) => before.indexOf(key))
  const longest: (readonly number[])[] = []
  for (const [at, place] of places.entries()) {
    const earlier = longest.filter((run) => (places[run.at(-1) ?? 0] ?? 0) < place)
    const best = earlier.reduce<readonly number[]>((a, b) => (b.length > a.length ? b : a), [])
    longest.push([...best, at])
  }
  const kept = longest.reduce<readonly number[]>((a, b) => (b.length > a.length ? b : a), [])
  return new Set(common.filter((_, at) => !kept.includes(at)))
}

const sameWords = (a: { vi: string; en: string }, b: { vi: string; en: string }): boolean =>
  a.vi === b.vi && a.en === b.en

/** Returns the changes from one version to another, in the order of the new form; removed questions come last. */
export function questionChanges(
  before: readonly Question[],
  after: readonly Question[],
): readonly QuestionChange[] {
  const old = new Map(before.map((question) => [question.key, question]))
  // A question that became required, or now depends on another, moved for that reason alone, so it is left out here.
  const order = (questions: readonly Question[], others: readonly Question[]) =>
    asAsked(questions)
      .filter(({ key, required, shownIf }) =>
        others.some(
          (one) => one.key === key && one.required === required && one.shownIf?.key === shownIf?.key,
        ),
      )
      .map(({ key }: { readonly key: string }) => key)
  const elsewhere = moved(order(before, after), order(after, before))
  const changes = asAsked(after).flatMap((question): QuestionChange[] => {
    const earlier = old.get(question.key)
    if (earlier === undefined) return [{ kind: 'added', question }]
    const found: QuestionChange[] = []
    if (!sameWords(earlier, question)) found.push({ kind: 'reworded', question, before: earlier })
    if (earlier.required !== question.required)
      found.push({ kind: question.required ? 'required' : 'optional', question })
    if (conditionOf(earlier) !== conditionOf(question))
      found.push({ kind: 'condition', question, after: conditionAmong(after, question) })
    found.push(...optionChanges(earlier, question))
    if (elsewhere.has(question.key)) found.push({ kind: 'moved', question })
    return found
  })
  const gone = before.filter(({ key }) => !after.some((question) => question.key === key))
  return [...changes, ...gone.map((question) => ({ kind: 'removed' as const, question }))]
}

const conditionOf = ({ shownIf }: Question): string =>
  JSON.stringify([shownIf?.key, shownIf?.codes.toSorted()])

/** Returns the question and the answers that one depends on; null where everybody is asked. */
export function conditionAmong(
  questions: readonly Question[],
  { shownIf }: Question,
): { readonly parent: Question; readonly options: readonly QuestionOption[] } | null {
  const parent = questions.find(({ key }) => key === shownIf?.key)
  return parent === undefined
    ? null
    : { parent, options: parent.options.filter(({ code }) => shownIf?.codes.includes(code)) }
}

export const conditionWords = (
  { parent, options }: { readonly parent: Question; readonly options: readonly QuestionOption[] },
  language: 'vi' | 'en',
): { readonly question: string; readonly answers: string } => ({
  question: parent[language],
  answers: options.map((option) => option[language]).join(' / '),
})

function optionChanges(before: Question, question: Question): QuestionChange[] {
  const codes = (options: readonly QuestionOption[]) => options.map(({ code }) => code)
  const [old, now] = [codes(before.options), codes(question.options)]
  const added = question.options.filter(({ code }) => !old.includes(code))
  const removed = before.options.filter(({ code }) => !now.includes(code))
  const reworded = question.options.flatMap((after) => {
    const same = before.options.find(({ code }) => code === after.code)
    return same && !sameWords(same, after) ? [{ before: same, after }] : []
  })
  const reordered = moved(old, now).size > 0
  if (added.length + removed.length + reworded.length === 0 && !reordered) return []
  return [{ kind: 'options', question, added, removed, reworded, reordered }]
}

/** A question edited in one language only: its text, or the words of an option. */
export interface OneLanguageEdit {
  readonly question: Question
  readonly unchanged: 'vi' | 'en'
}

type Both = { readonly vi: string; readonly en: string }

/** Returns the questions edited in one language only: answers in both are counted under one key. */
export function oneLanguageEdits(changes: readonly QuestionChange[]): readonly OneLanguageEdit[] {
  const unchangedIn = (before: Both, after: Both): 'vi' | 'en' | null => {
    if ((before.vi === after.vi) === (before.en === after.en)) return null
    return before.vi === after.vi ? 'vi' : 'en'
  }
  const edits = changes.flatMap((change): OneLanguageEdit[] => {
    const pairs =
      change.kind === 'reworded'
        ? [{ before: change.before, after: change.question }]
        : change.kind === 'options'
          ? change.reworded
          : []
    const languages = new Set(pairs.map(({ before, after }) => unchangedIn(before, after)))
    return (['vi', 'en'] as const)
      .filter((language) => languages.has(language))
      .map((unchanged) => ({ question: change.question, unchanged }))
  })
  const first = (edit: OneLanguageEdit) =>
    edits.find(
      ({ question, unchanged }) => question.key === edit.question.key && unchanged === edit.unchanged,
    )
  return edits.filter((edit) => first(edit) === edit)
}
