import { ANSWER_COLUMNS } from '../v1/results/answers/rows.ts'
import { CITY_COLUMNS, MONTH_COLUMNS } from '../v1/results/figures.ts'
import { QUESTION_COLUMNS } from '../v1/results/questions.ts'
import { PROBLEMS, parameter, ref } from './parts.ts'
import { object } from './survey-schemas.ts'

const FORMAT = parameter('query', 'format', '`csv` or `json`, where `Accept` cannot say so', {
  enum: ['json', 'csv'],
})
const AGENCY = parameter('path', 'agency', 'the agency’s id', { type: 'string' })

interface Described {
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly parameters?: readonly object[]
}

/** A table that is answered as JSON and as CSV, whose columns are its example. */
const table = ({ parameters = [], ...described }: Described, schema: object, columns: readonly string[]) => ({
  get: {
    tags: ['public'],
    ...described,
    parameters: [...parameters, FORMAT],
    responses: {
      '200': {
        description:
          'As JSON, and as CSV (UTF-8) where `Accept` prefers `text/csv`; by `?format=csv` with a byte order mark, for spreadsheets.',
        content: {
          'application/json': { schema },
          'text/csv': { schema: { type: 'string' }, example: `${columns.join(',')}\r\n` },
        },
      },
      ...(parameters.length > 0 && PROBLEMS.notFound),
      ...PROBLEMS.failed,
    },
  },
})

export const SURVEY_PATHS = {
  '/api/v1/results/answers': table(
    {
      operationId: 'surveyAnswers',
      summary: 'Every option of every question at every agency, in one file',
      description:
        'With the words of questions and options in both languages, whether the agency has ended and who took over, and the day on which the file was made. Licence of all figures: `licence`, and the `Link` header (CC BY 4.0 unless the operator has set another). Readable from any site (CORS); `ETag` and `If-None-Match` are understood.',
    },
    ref('SurveyAnswers'),
    ANSWER_COLUMNS,
  ),
  '/api/v1/results/columns': table(
    {
      operationId: 'surveyColumns',
      summary: 'What every column of the other tables means',
      description: 'With the tables that have it and the values that it may hold, in both languages.',
    },
    ref('SurveyColumns'),
    ['column', 'tables', 'meaning_vi', 'meaning_en', 'values_vi', 'values_en'],
  ),
  '/api/v1/results': table(
    {
      operationId: 'surveyResults',
      summary: 'How satisfied people are with every agency',
      description:
        'Totals are sums of what is public below them: nothing suppressed is in any total. The CSV has a line for each agency and none for the totals.',
    },
    ref('CityResults'),
    CITY_COLUMNS,
  ),
  '/api/v1/results/months': table(
    { operationId: 'surveyMonths', summary: 'How satisfied people are with all agencies, month by month' },
    ref('Months'),
    MONTH_COLUMNS,
  ),
  '/api/v1/results/months/{month}': table(
    {
      operationId: 'surveyMonth',
      summary: 'Every agency in one month',
      description:
        'What became public in that month. Without bands: agencies are compared over all months together.',
      parameters: [parameter('path', 'month', '`YYYY-MM`', { type: 'string', pattern: '^\\d{4}-\\d{2}$' })],
    },
    { allOf: [object({ month: { type: 'string' } }), ref('CityResults')] },
    CITY_COLUMNS,
  ),
  '/api/v1/results/questions/{version}/{question}': table(
    {
      operationId: 'surveyQuestion',
      summary: 'One question at every agency',
      parameters: [
        parameter('path', 'version', 'the version of the questions', { type: 'integer', minimum: 1 }),
        parameter('path', 'question', 'the question’s key', { type: 'string', examples: ['r1'] }),
      ],
    },
    ref('QuestionResults'),
    QUESTION_COLUMNS,
  ),
  '/api/v1/results/{agency}': table(
    {
      operationId: 'surveyResultsOfAgency',
      summary: 'One agency: its questions, months, codes and reorganisations',
      parameters: [AGENCY],
    },
    ref('AgencyResults'),
    QUESTION_COLUMNS,
  ),
  '/api/v1/results/{agency}/months': table(
    {
      operationId: 'surveyMonthsOfAgency',
      summary: 'One agency, month by month',
      parameters: [AGENCY],
    },
    { allOf: [object({ agency: { type: 'string' } }), ref('Months')] },
    MONTH_COLUMNS,
  ),
}
