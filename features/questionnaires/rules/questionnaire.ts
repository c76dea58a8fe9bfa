import { z } from 'zod'
import { type Answer, hasOptions, QUESTION_KINDS, type QuestionKind } from './question-kinds.ts'

export type { Answer, QuestionKind } from './question-kinds.ts'
export { hasOptions, isScale } from './question-kinds.ts'
export { QUESTION_KINDS }

const words = { vi: z.string().min(1), en: z.string().min(1) }

const questionSchema = z
  .object({
    /** The name of its form field: `r1`, `e1`. */
    key: z.string().regex(/^[a-z][a-z0-9_]{0,15}$/),
    required: z.boolean(),
    kind: z.enum(QUESTION_KINDS),
    ...words,
    options: z.array(z.object({ code: z.string().regex(/^[a-z0-9_]{1,20}$/), ...words })),
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

/** By question key. */
export type Answers = Readonly<Record<string, Answer>>

/** The question whose top-two share is the headline of every result: satisfaction overall. */
export const HEADLINE = 'r1'
export const HEADLINE_KIND: QuestionKind = 'satisfaction'

/** Returns the questions as they stand in the form: the required ones first, each group in its own order. */
export const asAsked = (questions: readonly Question[]): readonly Question[] => [
  ...questions.filter(({ required }) => required),
  ...questions.filter(({ required }) => !required),
]
