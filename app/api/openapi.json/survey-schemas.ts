import { AGENCY_KINDS } from '#domain/survey/agency.ts'
import { QUESTION_KINDS } from '#domain/survey/questionnaire.ts'
import { ref } from './parts.ts'

const share = (what: string) => ({
  type: ['number', 'null'],
  minimum: 0,
  maximum: 1,
  description: `${what}; null where it is suppressed`,
})

export const object = (properties: Record<string, object>) => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
})

const list = (items: object, description?: string) => ({
  type: 'array',
  items,
  ...(description && { description }),
})

const SHARE = {
  satisfied: share('the share that chose the top two of five'),
  low: share('lower bound of its 95 % Wilson interval'),
  high: share('upper bound of its 95 % Wilson interval'),
}

const FIGURES = {
  responses: {
    type: 'integer',
    minimum: 0,
    description: 'public answers: moves by tens, the oldest first; 0 where suppressed',
  },
  suppressed: { type: 'boolean', description: 'fewer than 10 answers' },
  ...SHARE,
}

const text = object({ vi: { type: 'string' }, en: { type: 'string' } })

const agency = { type: 'string', description: 'the agency’s id, which never changes', examples: ['quan-3'] }

const AGENCY = {
  agency,
  name: text,
  kind: { enum: AGENCY_KINDS },
}

const band = {
  enum: ['above', 'same', 'below', null],
  description:
    'beside all others of its group that existed when it did: a two-sided score test at 5 %, corrected by Holm’s method over the group; null below 30 answers, where the others together have fewer, and within a month',
}

const PAST = {
  endedOn: {
    type: ['string', 'null'],
    format: 'date',
    description: 'the first day on which the agency was no more; null while it is open',
  },
  successors: {
    type: ['array', 'null'],
    items: { type: 'string' },
    description: 'who has its tasks today; the figures stay the agency’s own',
  },
  formerNames: list(
    text,
    'the names it had before, the latest first; the figures are those of all its names',
  ),
  nameSince: {
    type: ['string', 'null'],
    format: 'date',
    description: 'the first day of its present name; null where it never had another',
  },
}

const AGENCY_FIGURES = { ...AGENCY, ...FIGURES, band, ...PAST }

const DATED = {
  asOf: { type: 'string', format: 'date', description: 'the day of the figures' },
  licence: { type: 'string', examples: ['CC BY 4.0'] },
}

const questionnaire = { type: 'integer', description: 'the version of the questions' }
const question = { type: 'string', examples: ['r1'] }
const versions = {
  type: 'array',
  items: { type: 'integer' },
  description:
    'every version that asks it in the same words and with the same options: their answers are added up',
}
const use = {
  enum: ['current', 'past', 'trial'],
  description: 'asked of everybody now, asked once, or asked on trial alone',
}
const trials = {
  type: 'array',
  items: object({
    questionnaire,
    percent: { type: 'integer', description: 'of the forms that got it' },
    from: { type: 'string', format: 'date' },
    until: { type: 'string', format: 'date', description: 'its last day' },
  }),
  description: 'versions that are or were on trial beside the one in use',
}
const month = {
  type: 'string',
  pattern: '^\\d{4}-\\d{2}$',
  description: 'in which the answers became public',
}
const respondents = {
  type: 'integer',
  minimum: 0,
  description: 'people who answered: fewer than the counts together where several options may be chosen',
}
const optionShare = (what: string) => ({
  type: ['number', 'null'],
  minimum: 0,
  maximum: 1,
  description: `${what}; null where nobody has answered`,
})
const counts = list(
  object({
    option: { type: 'string' },
    count: { type: 'integer', minimum: 0 },
    share: optionShare('of the respondents'),
    low: optionShare('lower bound of its 95 % Wilson interval'),
    high: optionShare('upper bound of its 95 % Wilson interval'),
  }),
)

const options = list(object({ option: { type: 'string' }, text }), 'what each option’s code means')

const limit = (side: string) => ({
  type: ['number', 'null'],
  minimum: 0,
  maximum: 1,
  description: `${side} 3σ limit of the p-chart; null below six months`,
})

export const SURVEY_SCHEMAS = {
  SurveyFigures: object(FIGURES),
  AgencyFigures: object(AGENCY_FIGURES),
  CityResults: object({
    ...DATED,
    city: ref('SurveyFigures'),
    groups: object({ districts: ref('SurveyFigures'), departments: ref('SurveyFigures') }),
    agencies: list(ref('AgencyFigures')),
    former: list(ref('AgencyFigures'), 'reorganised away; their answers are in the totals'),
  }),
  MonthFigures: object({
    month,
    responses: { type: 'integer', minimum: 10 },
    ...SHARE,
    lowerLimit: limit('lower'),
    upperLimit: limit('upper'),
    outside: { type: 'boolean', description: 'beyond its limits' },
  }),
  Months: object({
    ...DATED,
    months: list(ref('MonthFigures'), 'the last 24; months without public answers are left out'),
  }),
  AgencyResults: object({
    ...DATED,
    ...AGENCY_FIGURES,
    group: { ...ref('SurveyFigures'), description: 'everybody of its group together' },
    months: list(ref('MonthFigures')),
    before: list(ref('MonthFigures'), 'of those whose tasks it took over, added up'),
    codes: {
      anyOf: [
        object({ with: ref('SurveyFigures'), without: ref('SurveyFigures') }),
        { type: 'null', description: 'not told apart yet: each side needs ten answers' },
      ],
      description: 'the headline of those with and without dossier code; up to some tens behind it',
    },
    predecessors: list(
      object({ on: { type: 'string', format: 'date' }, agencies: list(agency) }),
      'whose tasks it took over, the latest first',
    ),
    renamings: list(
      object({
        on: { type: 'string', format: 'date' },
        before: object({ vi: { type: 'string' }, en: { type: 'string' } }),
        after: object({ vi: { type: 'string' }, en: { type: 'string' } }),
        basis: { type: ['string', 'null'], description: 'the legal basis, in Vietnamese' },
      }),
      'the names it had before, the latest first; the figures are those of all its names',
    ),
    trials,
    questions: list(
      object({
        questionnaire,
        versions,
        use,
        question,
        text,
        options,
        suppressed: { type: 'boolean', description: 'too few have answered it' },
        respondents,
        counts: { ...counts, type: ['array', 'null'] },
      }),
      'each once: those of the version in use first, those of a trial last',
    ),
    texts: list(
      object({
        questionnaire,
        question,
        text,
        answers: {
          type: ['integer', 'null'],
          minimum: 10,
          description:
            'people who answered, down to the ten; null under ten. What they wrote is never public',
        },
      }),
      'the questions that are answered in words',
    ),
  }),
  SurveyAnswers: object({
    ...DATED,
    answers: list(
      { type: 'object' },
      'a row an option, with the columns of the CSV; a question answered in words has one row without an option',
    ),
  }),
  SurveyColumns: object({
    licence: DATED.licence,
    columns: list(
      object({
        column: { type: 'string' },
        tables: list({ type: 'string' }, 'the ends of the addresses of the tables that have it'),
        meaning: text,
        values: text,
      }),
    ),
  }),
  QuestionTally: {
    ...object({ respondents, counts }),
    description: 'with `satisfied`, `low` and `high` where the question has a scale',
  },
  QuestionResults: object({
    ...DATED,
    questionnaire,
    versions,
    use,
    trials,
    question,
    text,
    kind: { enum: QUESTION_KINDS },
    options,
    city: ref('QuestionTally'),
    groups: object({ districts: ref('QuestionTally'), departments: ref('QuestionTally') }),
    agencies: list({ allOf: [object({ agency }), ref('QuestionTally')] }, 'those with public answers'),
    months: list(ref('MonthFigures'), 'of a question with a scale'),
  }),
}
