import { AGENCY_KINDS } from '#domain/survey/agency.ts'
import { PROBLEMS, parameter, ref } from './parts.ts'

const share = (what: string) => ({
  type: ['number', 'null'],
  minimum: 0,
  maximum: 1,
  description: `${what}; null where it is suppressed`,
})

const FIGURES = {
  responses: {
    type: 'integer',
    minimum: 0,
    description: 'public answers: moves by tens, the oldest first; 0 where suppressed',
  },
  suppressed: { type: 'boolean', description: 'fewer than 10 answers' },
  satisfied: share('who chose “satisfied” or “very satisfied” overall'),
  low: share('lower bound of the 95 % Wilson interval'),
  high: share('upper bound of the 95 % Wilson interval'),
}

const AGENCY = {
  agency: { type: 'string', description: 'the id, which never changes', examples: ['quan-3'] },
  name: { type: 'object', properties: { vi: { type: 'string' }, en: { type: 'string' } } },
  kind: { enum: AGENCY_KINDS },
}

const object = (properties: Record<string, object>) => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
})

export const SURVEY_SCHEMAS = {
  SurveyFigures: object(FIGURES),
  AgencyFigures: object({ ...AGENCY, ...FIGURES }),
  CityResults: object({
    city: ref('SurveyFigures'),
    groups: object({ districts: ref('SurveyFigures'), departments: ref('SurveyFigures') }),
    agencies: { type: 'array', items: ref('AgencyFigures') },
  }),
  AgencyResults: object({
    ...AGENCY,
    ...FIGURES,
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
    questions: {
      type: 'array',
      items: object({
        questionnaire: { type: 'integer', description: 'the version of the questions' },
        question: { type: 'string', examples: ['r1'] },
        text: { type: 'object', properties: { vi: { type: 'string' }, en: { type: 'string' } } },
        suppressed: { type: 'boolean', description: 'too few have answered it' },
        counts: {
          type: ['array', 'null'],
          items: object({ option: { type: 'string' }, count: { type: 'integer', minimum: 0 } }),
        },
      }),
    },
  }),
}

const FORMAT = parameter('query', 'format', '`csv` or `json`, where `Accept` cannot say so', {
  enum: ['json', 'csv'],
})

const bothForms = (schema: object, csv: string) => ({
  description: 'As JSON, and as CSV where `Accept` asks for `text/csv`.',
  content: {
    'application/json': { schema },
    'text/csv': { schema: { type: 'string' }, example: csv },
  },
})

const city = {
  tags: ['public'],
  operationId: 'surveyResults',
  summary: 'How satisfied people are with every agency',
  description: 'Totals are sums of what is public below them: nothing suppressed is in any total.',
  parameters: [FORMAT],
  responses: {
    '200': bothForms(
      ref('CityResults'),
      'agency,kind,name_vi,name_en,responses,satisfied,low,high,suppressed\r\n',
    ),
    ...PROBLEMS.failed,
  },
}

const agency = {
  tags: ['public'],
  operationId: 'surveyResultsOfAgency',
  summary: 'One agency, question by question',
  parameters: [parameter('path', 'agency', 'the agency’s id', { type: 'string' }), FORMAT],
  responses: {
    '200': bothForms(ref('AgencyResults'), 'agency,questionnaire,question,option,count\r\n'),
    ...PROBLEMS.notFound,
    ...PROBLEMS.failed,
  },
}

export const SURVEY_PATHS = {
  '/api/v1/results': { get: city },
  '/api/v1/results/{agency}': { get: agency },
}
