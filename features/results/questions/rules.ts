import {
  type KindOfQuestion,
  kindOf,
  mayChooseMany,
  type Question,
  type QuestionKind,
  type Step,
} from '#features/questionnaires/questions/rules.ts'
import { MIN_PUBLIC_GROUP } from '#lib/statistics/groups.ts'
import type { Interval } from '#lib/statistics/wilson.ts'
import { wilsonInterval } from '#lib/statistics/wilson.ts'
import { type Chosen, type Counts, chosen, type Tally, total, withDispersion } from '../tally-rules.ts'

/** Names what the good answers of a question have in common: the words for their share. */
type GoodWords = NonNullable<KindOfQuestion['headline']>['good'] | 'onTime' | 'none' | 'right' | 'no'

interface Direction {
  readonly good: GoodWords
  /** The steps by option code, best first. A code that is missing here means that the question did not apply. */
  readonly steps: Readonly<Record<string, Step>>
}

/**
 * Directions by all codes of a question's options. A question with other codes has no better or worse: its answers are
 * only told apart.
 */
const DIRECTIONS: Readonly<Record<string, Direction>> = {
  'early ontime late_told late_untold notdue': {
    good: 'onTime',
    steps: { early: 5, ontime: 4, late_told: 2, late_untold: 1 },
  },
  '0 1 2 3plus': { good: 'none', steps: { '0': 5, '1': 3, '2': 2, '3plus': 1 } },
  'right fixed wrong none': { good: 'right', steps: { right: 5, fixed: 3, wrong: 1 } },
  // To refuse is an answer: it stays in the base.
  'no yes refuse': { good: 'no', steps: { no: 5, refuse: 3, yes: 1 } },
}

/** The part of a question that says which of its answers are better. */
export interface Coded {
  readonly kind: QuestionKind
  readonly options: readonly { readonly code: string }[]
}

function directionOf({ kind, options }: Coded): Direction | null {
  const { headline } = kindOf(kind)
  if (headline !== null) return headline
  return mayChooseMany(kind) ? null : (DIRECTIONS[options.map(({ code }) => code).join(' ')] ?? null)
}

/** Returns the codes that say of a question with better and worse answers that it does not apply yet: the result is awaited. */
export function notAppliedCodes({ kind, options }: Coded): readonly string[] {
  const codes = options.map(({ code }) => code)
  const direction = mayChooseMany(kind) ? undefined : DIRECTIONS[codes.join(' ')]
  return direction === undefined ? [] : codes.filter((code) => !(code in direction.steps))
}

/**
 * Returns the codes by which people say that something went wrong, and all codes of people to whom the question applied: the two
 * worst of a scale, all but the good ones otherwise. Null where no answer is worse than another.
 */
export function badCodes(
  question: Coded,
): { readonly bad: readonly string[]; readonly of: readonly string[] } | null {
  const direction = directionOf(question)
  if (direction === null) return null
  const worst = kindOf(question.kind).headline === null ? 3 : 2
  const of = question.options.map(({ code }) => code).filter((code) => code in direction.steps)
  return { of, bad: of.filter((code) => (direction.steps[code] ?? 0) <= worst) }
}

/**
 * Returns the required questions in use with the share of answers that say that something went wrong, the largest first; those with
 * fewer than ten people and delicate ones are left out.
 */
export function worstAnswers<Q extends Coded & { readonly required: boolean }>(
  questions: readonly { readonly question: Q; readonly use: string; readonly counts: Counts | null }[],
) {
  return questions
    .flatMap(({ question, use, counts }) => {
      const codes = badCodes(question)
      if (use !== 'current' || !question.required || counts === null || codes === null) return []
      if (kindOf(question.kind).delicate) return []
      const sum = (some: readonly string[]) => some.reduce((all, code) => all + (counts[code] ?? 0), 0)
      const base = sum(codes.of)
      return base < MIN_PUBLIC_GROUP ? [] : [{ question, codes: codes.bad, share: sum(codes.bad) / base }]
    })
    .toSorted((a, b) => b.share - a.share)
}

/**
 * Returns the codes of a question's options, the best answer first and "did not apply" last; in the order of the form
 * where no answer is better than another.
 */
export function bestFirst(question: Question): readonly string[] {
  const direction = directionOf(question)
  const codes = question.options.map(({ code }) => code)
  return direction === null
    ? codes
    : codes.toSorted((a, b) => (direction.steps[b] ?? 0) - (direction.steps[a] ?? 0))
}

export interface AnswerPart extends Chosen {
  readonly code: string
  /** Null where one answer is no better than another. */
  readonly step: Step | null
  /** Marks its beginning, 0 to 1 from the left; its width is its share. */
  readonly from: number
}

export interface AnswerSteps {
  /**
   * The best answer first; in the order of the form where none is better. Shares are of the people to whom the question
   * applied.
   */
  readonly parts: readonly AnswerPart[]
  /** The share of the good ones with its interval; null where none is good, or fewer than ten people are left. */
  readonly good: (Interval & { readonly share: number; readonly words: GoodWords }) | null
  /** The people to whom it did not apply, by option code. */
  readonly aside: readonly { readonly code: string; readonly count: number }[]
}

/** Returns the answers to a question as one bar: parts in their order that add up to 1, and the point where good turns to not good. */
export function answerSteps(question: Question, tally: Tally): AnswerSteps {
  const { dispersion = 1 } = tally
  const direction = directionOf(question)
  const codes = question.options.map(({ code }) => code)
  const ordered = bestFirst(question).filter((code) => direction === null || code in direction.steps)
  const counted = Object.fromEntries(ordered.map((code) => [code, tally.counts[code] ?? 0]))
  // Where several options may be chosen, each share is of all who answered, and together they may exceed one.
  const base = mayChooseMany(question.kind) ? tally.respondents : total(counted)
  let from = 0
  const parts = ordered.flatMap((code) => {
    const one = chosen(withDispersion({ respondents: base, counts: counted }, dispersion), code)
    if (one === null) return []
    const part = { ...one, code, step: direction?.steps[code] ?? null, from }
    from += one.share
    return [part]
  })
  const top = parts
    .filter(({ step }) => step !== null && step >= 4)
    .reduce((sum, { count }) => sum + count, 0)
  return {
    parts,
    good:
      direction === null || base < MIN_PUBLIC_GROUP
        ? null
        : { words: direction.good, share: top / base, ...wilsonInterval(top, base, dispersion) },
    aside: codes
      .filter((code) => !ordered.includes(code))
      .map((code) => ({ code, count: tally.counts[code] ?? 0 }))
      .filter(({ count }) => count > 0),
  }
}
