import { z } from 'zod'
import { type Figure, TOP_TWO } from '#features/results/figure-rules.ts'
import { allValues, lastValue, type RawForm } from '#lib/raw-form.ts'
import { MIN_DELICATE_GROUP, MIN_PUBLIC_GROUP } from '#lib/statistics/groups.ts'

/** An option's code; where several may be chosen, all of them in the order of the form. */
export type Answer = string | readonly string[]

/** How a question with choices is read: the sent values, and the form in which known codes are kept. */
interface Choosing {
  readonly given: (typed: RawForm, key: string) => readonly string[]
  readonly kept: (codes: readonly [string, ...string[]]) => Answer
}
const ONE: Choosing = { given: (typed, key) => [lastValue(typed, key)], kept: ([code]) => code }
const SEVERAL: Choosing = { given: allValues, kept: (codes) => codes }

export interface KindOfQuestion {
  readonly asked: 'radios' | 'checkboxes' | 'text_area'
  readonly empty: 'answer.empty' | 'answer.empty_several' | 'answer.empty_text'
  /** Read as codes of its options, or as words, which are stored separately and never published as they are. */
  readonly read: Choosing | 'words'
  /** Its options: made by the editor, the fixed ones of a scale ({@link FIXED_OPTIONS}), or none. */
  readonly options: 'own' | 'scale' | 'none'
  /** How many options one person may choose. With `many`, each option's share is of all who answered. */
  readonly choices: 'one' | 'many' | 'none'
  /** True if each option is drawn with a face where there is room, as on a kiosk. */
  readonly faces: boolean
  /** True if options are asked in reverse order, with "does not apply" at the end. */
  readonly lastFirst: boolean
  /** The single figure of its answers, with its words on pages and on paper; null where there is none. */
  readonly headline:
    | (Figure & {
        /** Rates each option from 5 (best) to 1; a missing option means that the question did not apply. */
        readonly steps: Readonly<Record<string, Step>>
        readonly good: 'satisfied' | 'top'
        readonly page: 'questionShare' | 'questionScale'
        readonly paper: 'question.satisfied' | 'question.scale'
      })
    | null
  /** The figures: of its options; null where the answers are words for people to read. */
  readonly figures: 'options' | null
  /** The number of answers from which it is published: at least ten, and more where the answer is delicate. */
  readonly firstPublic: number
  /** Delicate: the city report shows it on its first page, with the number of answers and the bound. */
  readonly delicate: boolean
  /** A note for readers of its figures, as a key of the city report's messages. */
  readonly note: 'question.several' | null
  readonly exported: 'code' | 'codes' | 'nothing'
}

/** Rates an answer from 5 (best) to 1; 3 is neutral. */
export type Step = 1 | 2 | 3 | 4 | 5

/** The fixed codes of each kind of options, from worst to best with "does not apply" last; null where the editor makes them. */
const FIXED_OPTIONS: Readonly<Record<KindOfQuestion['options'], readonly string[] | null>> = {
  own: null,
  scale: ['1', '2', '3', '4', '5', 'na'],
  none: null,
}

const CHOICE = {
  asked: 'radios',
  empty: 'answer.empty',
  read: ONE,
  options: 'own',
  choices: 'one',
  faces: false,
  lastFirst: false,
  headline: null,
  figures: 'options',
  firstPublic: MIN_PUBLIC_GROUP,
  delicate: false,
  note: null,
  exported: 'code',
} as const satisfies KindOfQuestion
const SCALE = { ...CHOICE, options: 'scale', faces: true, lastFirst: true } as const
const TOP_TWO_OF_FIVE = { ...TOP_TWO, steps: { '5': 5, '4': 4, '3': 3, '2': 2, '1': 1 } } as const

/** Every kind of question with all its properties; its words are in `survey-questions.json`. */
export const KINDS = {
  satisfaction: {
    ...SCALE,
    headline: { ...TOP_TWO_OF_FIVE, good: 'satisfied', page: 'questionShare', paper: 'question.satisfied' },
  },
  rating: {
    ...SCALE,
    headline: { ...TOP_TWO_OF_FIVE, good: 'top', page: 'questionScale', paper: 'question.scale' },
  },
  single: CHOICE,
  sensitive: { ...CHOICE, firstPublic: MIN_DELICATE_GROUP, delicate: true },
  several: {
    ...CHOICE,
    asked: 'checkboxes',
    empty: 'answer.empty_several',
    read: SEVERAL,
    choices: 'many',
    note: 'question.several',
    exported: 'codes',
  },
  text: {
    asked: 'text_area',
    empty: 'answer.empty_text',
    read: 'words',
    options: 'none',
    choices: 'none',
    faces: false,
    lastFirst: false,
    headline: null,
    figures: null,
    // The words are read by people and never published; if they were ever counted, they would be delicate.
    firstPublic: MIN_DELICATE_GROUP,
    delicate: false,
    note: null,
    exported: 'nothing',
  },
} as const satisfies Record<string, KindOfQuestion>

export type QuestionKind = keyof typeof KINDS
export const QUESTION_KINDS = Object.keys(KINDS) as [QuestionKind, ...QuestionKind[]]
export const kindOf = (kind: QuestionKind): KindOfQuestion => KINDS[kind]

export const hasOptions = (kind: QuestionKind): boolean => kindOf(kind).options !== 'none'

export const hasFigures = (kind: QuestionKind): boolean => kindOf(kind).figures !== null

/** Returns what a page or paper shows of a question's figures; null where its kind has none. */
export function byFigures<Shown>(
  kind: QuestionKind,
  show: Readonly<Record<NonNullable<KindOfQuestion['figures']>, () => Shown>>,
): Shown | null {
  const { figures } = kindOf(kind)
  return figures === null ? null : show[figures]()
}

/** Returns the fixed option codes of a kind of question; null where its editor makes them. */
export const fixedOptions = (kind: QuestionKind) => FIXED_OPTIONS[kindOf(kind).options]

export const mayChooseMany = (kind: QuestionKind): boolean => kindOf(kind).choices === 'many'

export const isInWords = (kind: QuestionKind): boolean => kindOf(kind).read === 'words'

/** Every figure of any kind of question, once each: the columns of the open data. */
export const FIGURE_NAMES = [
  ...new Set(Object.values<KindOfQuestion>(KINDS).flatMap(({ headline }) => headline?.name ?? [])),
]

const STRONGEST = Math.max(...Object.values<KindOfQuestion>(KINDS).map(({ firstPublic }) => firstPublic))

/** Returns how many people must have answered before a question's figures are public; the highest number for an unknown kind. */
export const firstPublic = (kind: QuestionKind | undefined): number =>
  kind === undefined ? STRONGEST : kindOf(kind).firstPublic

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
    /** Asked only of people who answered another question by one of these codes; such a question is never required. */
    shownIf: z.object({ key: z.string(), codes: z.array(z.string().regex(CODE)).min(1) }).optional(),
    /** The criterion or survey that it is taken from. */
    source: z.string(),
    /** The same in English; versions before 28 November 2026 have one for both. */
    sourceEn: z.string().optional(),
  })
  .refine(({ kind, options }) => (hasOptions(kind) ? options.length >= 2 : options.length === 0), 'options')
  .refine(({ options }) => new Set(options.map(({ code }) => code)).size === options.length, 'codes repeat')

export const questionsSchema = z
  .array(questionSchema)
  .min(1)
  .refine((questions) => new Set(questions.map(({ key }) => key)).size === questions.length, 'keys repeat')

export const firstQuestionnaireSchema = z.object({
  version: z.number().int(),
  legal_basis: z.string().min(1),
  questions: questionsSchema,
})

export type Question = z.output<typeof questionSchema>
export type QuestionOption = Question['options'][number]

export interface Questionnaire {
  readonly version: number
  readonly legalBasis: string
  readonly questions: readonly Question[]
}

export type GivenAnswers = Readonly<Record<string, Answer>>

/** The question whose top-two share is the headline of every result: overall satisfaction. */
export const HEADLINE = 'r1'
export const HEADLINE_KIND: QuestionKind = 'satisfaction'

/** A question in its place in the form, followed by the questions that depend on its answer. */
export interface PlacedQuestion {
  readonly question: Question
  /** `3`, or `3a` where it depends on the answer to question 3. */
  readonly number: string
  readonly dependents: readonly Omit<PlacedQuestion, 'dependents'>[]
}

/** Returns the questions in the order of the form: the required first. A broken dependence in a draft counts as none. */
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

export const dependentsOf = (key: string, questions: readonly Question[]): readonly Question[] =>
  questions.filter(({ shownIf }) => shownIf?.key === key)

export const asAsked = (questions: readonly Question[]): readonly Question[] =>
  askedTree(questions).flatMap(({ question, dependents }) => [
    question,
    ...dependents.map((dependent) => dependent.question),
  ])

export const isAskedOf = ({ shownIf }: Question, answers: GivenAnswers): boolean =>
  shownIf === undefined || [answers[shownIf.key] ?? []].flat().some((code) => shownIf.codes.includes(code))
