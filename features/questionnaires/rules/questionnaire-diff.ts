import { asAsked, type Question, type QuestionOption } from './questionnaire.ts'

/** One thing that is different between two versions of the questions. */
export type QuestionChange =
  | { readonly kind: 'added' | 'removed' | 'moved'; readonly question: Question }
  | { readonly kind: 'reworded'; readonly question: Question; readonly before: Question }
  | { readonly kind: 'required' | 'optional'; readonly question: Question }
  /** Asked after other answers than before: after these ones of another question, or of everybody (null). */
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

type Keyed = { readonly key: string }

/**
 * Returns which of the common items have moved: the fewest that must, so that one question taken to the top is one
 * change and not one for each that it passed. They are those outside a longest increasing subsequence.
 */
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
  // A question that became required, or depends on another now, has moved for that reason alone: it is left out here.
  const order = (questions: readonly Question[], others: readonly Question[]) =>
    asAsked(questions)
      .filter(({ key, required, shownIf }) =>
        others.some(
          (one) => one.key === key && one.required === required && one.shownIf?.key === shownIf?.key,
        ),
      )
      .map(({ key }: Keyed) => key)
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

/** Returns the question and its answers after which one is asked; null where it is asked of everybody. */
export function conditionAmong(
  questions: readonly Question[],
  { shownIf }: Question,
): { readonly parent: Question; readonly options: readonly QuestionOption[] } | null {
  const parent = questions.find(({ key }) => key === shownIf?.key)
  return parent === undefined
    ? null
    : { parent, options: parent.options.filter(({ code }) => shownIf?.codes.includes(code)) }
}

/** Returns what a condition is called: the question, and its answers. */
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

/** A question of which one language was edited and the other was not: its wording, or the words of a choice. */
export interface OneLanguageEdit {
  readonly question: Question
  readonly unchanged: 'vi' | 'en'
}

type Both = { readonly vi: string; readonly en: string }

/**
 * Returns the questions whose two languages may no longer say the same. Answers in both are counted under one key, so
 * the editor has to confirm that they still do.
 */
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
