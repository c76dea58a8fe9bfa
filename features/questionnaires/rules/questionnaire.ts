import { z } from 'zod'
import { type Answer, hasOptions, QUESTION_KINDS, type QuestionKind } from './question-kinds.ts'

export type { Answer, QuestionKind } from './question-kinds.ts'
export { hasOptions, isScale } from './question-kinds.ts'
export { QUESTION_KINDS }

const words = { vi: z.string().min(1), en: z.string().min(1) }

const CODE = /^[a-z0-9_]{1,20}$/

const questionSchema = z
  .object({
    /** The name of its form field: `r1`, `e1`. */
    key: z.string().regex(/^[a-z][a-z0-9_]{0,15}$/),
    required: z.boolean(),
    kind: z.enum(QUESTION_KINDS),
    ...words,
    options: z.array(z.object({ code: z.string().regex(CODE), ...words })),
    /** Asked only of people who answered another question by one of these codes; never required then. */
    shownIf: z.object({ key: z.string(), codes: z.array(z.string().regex(CODE)).min(1) }).optional(),
    /** The criterion or survey that it is taken from. */
    source: z.string(),
    /** The same in English; versions before 28 November 2026 have one for both. */
    sourceEn: z.string().optional(),
  })
  .refine(({ kind, options }) => (hasOptions(kind) ? options.length >= 2 : options.length === 0), 'options')
  .refine(({ options }) => new Set(options.map(({ code }) => code)).size === options.length, 'codes repeat')

/** The questions of one version, in the order they are asked. */
export const questionsSchema = z
  .array(questionSchema)
  .min(1)
  .refine((questions) => new Set(questions.map(({ key }) => key)).size === questions.length, 'keys repeat')

export type Question = z.output<typeof questionSchema>
export type QuestionOption = Question['options'][number]

export interface Questionnaire {
  readonly version: number
  readonly legalBasis: string
  readonly questions: readonly Question[]
}

/** The answers that one person gave, by question key. */
export type GivenAnswers = Readonly<Record<string, Answer>>

/** The question whose top-two share is the headline of every result: satisfaction overall. */
export const HEADLINE = 'r1'
export const HEADLINE_KIND: QuestionKind = 'satisfaction'

/** A question at its place in the form, with the questions that depend on its answer right behind it. */
export interface PlacedQuestion {
  readonly question: Question
  /** `3`, or `3a` where it depends on the answer to question 3. */
  readonly number: string
  readonly dependents: readonly Omit<PlacedQuestion, 'dependents'>[]
}

/**
 * Returns the questions in the order of the form: the required ones first, each group in its own order. In a draft a
 * question may depend on one that was removed, or that depends on another itself; it is then placed as if it depended
 * on none.
 */
export function askedTree(questions: readonly Question[]): readonly PlacedQuestion[] {
  const always = new Set(questions.flatMap(({ key, shownIf }) => (shownIf === undefined ? [key] : [])))
  const standsAlone = ({ shownIf }: Question) => shownIf === undefined || !always.has(shownIf.key)
  const alone = questions.filter(standsAlone)
  return [...alone.filter(({ required }) => required), ...alone.filter(({ required }) => !required)].map(
    (question, at) => ({
      question,
      number: String(at + 1),
      dependents: dependentsOf(
        question.key,
        questions.filter((one) => !standsAlone(one)),
      ).map((dependent, place) => ({
        question: dependent,
        number: `${at + 1}${String.fromCharCode('a'.charCodeAt(0) + place)}`,
      })),
    }),
  )
}

/** Returns the questions that depend on the answer to one. */
export const dependentsOf = (key: string, questions: readonly Question[]): readonly Question[] =>
  questions.filter(({ shownIf }) => shownIf?.key === key)

/** Returns all questions in the order of {@link askedTree}. */
export const asAsked = (questions: readonly Question[]): readonly Question[] =>
  askedTree(questions).flatMap(({ question, dependents }) => [
    question,
    ...dependents.map((dependent) => dependent.question),
  ])

/** Tells whether a question is asked of a person with these answers. */
export const isAskedOf = ({ shownIf }: Question, answers: GivenAnswers): boolean =>
  shownIf === undefined || [answers[shownIf.key] ?? []].flat().some((code) => shownIf.codes.includes(code))
