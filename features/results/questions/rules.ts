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

/** The key of the words for the share of good answers. */
type GoodWords = NonNullable<KindOfQuestion['headline']>['good'] | 'onTime' | 'none' | 'right' | 'no'

interface Direction {
  readonly good: GoodWords
  /** The steps by option code, best first. A missing code means that the question did not apply. */
  readonly steps: Readonly<Record<string, Step>>
}

/** The directions, by the option codes. In a question with other codes no answer is better than another. */
const DIRECTIONS: Readonly<Record<string, Direction>> = {
  'early ontime late_told late_untold notdue': {
    good: 'onTime',
    steps: { early: 5, ontime: 4, late_told: 2, late_untold: 1 },
  },
  '0 1 2 3plus': { good: 'none', steps: { '0': 5, '1': 3, '2': 2, '3plus': 1 } },
  'right fixed wrong none': { good: 'right', steps: { right: 5, fixed: 3, wrong: 1 } },
  // Refusing is an answer, so it stays in the base.
  'no yes refuse': { good: 'no', steps: { no: 5, refuse: 3, yes: 1 } },
}

/** The fields of a question that decide which answers are better. */
export interface Coded {
  readonly kind: QuestionKind
  readonly options: readonly { readonly code: string }[]
}

function directionOf({ kind, options }: Coded): Direction | null {
  const { headline } = kindOf(kind)
  if (headline !== null) return headline
  return mayChooseMany(kind) ? null : (DIRECTIONS[options.map(({ code }) => code).join(' ')] ?? null)
}

/** Returns the codes of a question with better and worse answers that mean it does not apply yet: the result is awaited. */
export function notAppliedCodes({ kind, options }: Coded): readonly string[] {
  const codes = options.map(({ code }) => code)
  const direction = mayChooseMany(kind) ? undefined : DIRECTIONS[codes.join(' ')]
  return direction === undefined ? [] : codes.filter((code) => !(code in direction.steps))
}

/** Returns the codes that report a problem, and those of all people concerned; null where no answer is worse. */
export function badCodes(
  question: Coded,
): { readonly bad: readonly string[]; readonly of: readonly string[] } | null {
  const direction = directionOf(question)
  if (direction === null) return null
  const worst = kindOf(question.kind).headline === null ? 3 : 2
  const of = question.options.map(({ code }) => code).filter((code) => code in direction.steps)
  return { of, bad: of.filter((code) => (direction.steps[code] ?? 0) <= worst) }
}

/** Returns the required questions by their share of problems, the largest first, without delicate ones. */
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

/** Returns a question's option codes, the best answer first and "did not apply" last, otherwise in the form's order. */
export function bestFirst(question: Question): readonly string[] {
  const direction = directionOf(question)
  const codes = question.options.map(({ code }) => code)
  return direction === null
    ? codes
    : codes.toSorted((a, b) => (direction.steps[b] ?? 0) - (direction.steps[a] ?? 0))
}

export interface AnswerPart extends Chosen {
  readonly code: string
  /** Null where no answer is better than another. */
  readonly step: Step | null
  /** Its left edge, 0 to 1; its width is its share. */
  readonly from: number
}

export interface AnswerSteps {
  /** The best answer first; in the form's order where none is better. Shares are of the people to whom the question applied. */
  readonly parts: readonly AnswerPart[]
  /** The share of good answers with its interval; null where no answer is good, or fewer than ten people are left. */
  readonly good: (Interval & { readonly share: number; readonly words: GoodWords }) | null
  /** The people to whom it did not apply, by option code. */
  readonly aside: readonly { readonly code: string; readonly count: number }[]
}

/** Returns the answers to a question as one bar: ordered parts that add up to 1, and the point where good answers end. */
export function answerSteps(question: Question, tally: Tally): AnswerSteps {
  const { dispersion = 1 } = tally
  const direction = directionOf(question)
  const codes = question.options.map(({ code }) => code)
  const ordered = bestFirst(question).filter((code) => direction === null || code in direction.steps)
  const counted = Object.fromEntries(ordered.map((code) => [code, tally.counts[code] ?? 0]))
  // With several choices per person, each share is of all who answered, and together the shares may exceed one.
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
