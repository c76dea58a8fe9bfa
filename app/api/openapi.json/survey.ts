import { z } from 'zod'
import { CITY_COLUMNS, MONTH_COLUMNS } from '../v1/results/figures.ts'
import { QUESTION_COLUMNS } from '../v1/results/questions.ts'
import {
  ANSWER_COLUMNS,
  agencyMonthsSchema,
  agencyPathSchema,
  agencyResultsSchema,
  cityResultsSchema,
  columnsSchema,
  formatSchema,
  INVITED_COLUMNS,
  invitedRowsSchema,
  KIOSK_COLUMNS,
  kioskRowsSchema,
  monthPathSchema,
  monthResultsSchema,
  monthsSchema,
  PART_COLUMNS,
  partRowsSchema,
  questionPathSchema,
  questionResultsSchema,
  surveyAnswersSchema,
  VOLUME_COLUMNS,
  volumeRowsSchema,
} from '../v1/results/schemas.ts'
import { header, json, PROBLEMS } from './parts.ts'
import { parametersOf } from './schemas.ts'

const FORMAT = parametersOf('query', z.object({ format: formatSchema }))
const IF_NONE_MATCH = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description: 'the `ETag` of what you have',
  schema: z.string(),
}
/** Absent until a table has been published. */
export const LOG_ENTRY = {
  ...header(
    'the newest entry of the audit log about the tables (`/api/v1/tables`) that the answer is worked out of: `ENTRY; index=PLACE; table=NAME; sha256=HEX`; `index` is there once it is sealed',
    z.string(),
  ),
  required: false,
}
/** Present when public data is read from a replica that lags. */
export const DATA_AS_OF = {
  ...header('of when the answer is, where that is more than a minute ago', z.iso.datetime()),
  required: false,
}
const CACHING = {
  ETag: header('what this answer is known by', z.string()),
  'Cache-Control': header('a minute old is fresh', z.string()),
  'X-Log-Entry': LOG_ENTRY,
  'X-Data-As-Of': DATA_AS_OF,
}

export const describeTable = (
  {
    parameters = [],
    ...described
  }: {
    readonly operationId: string
    readonly summary: string
    readonly description: string
    readonly parameters?: ReturnType<typeof parametersOf>
  },
  schema: z.ZodType,
  columns: readonly unknown[],
) => ({
  get: {
    tags: ['public'],
    ...described,
    parameters: [...parameters, ...FORMAT, IF_NONE_MATCH],
    responses: {
      '200': {
        description:
          'As JSON, and as CSV (UTF-8) where `Accept` prefers `text/csv`; by `?format=csv` with a byte order mark, for spreadsheets.',
        headers: CACHING,
        content: {
          ...json(schema).content,
          'text/csv': { schema: z.string(), example: `${columns.join(',')}\r\n` },
        },
      },
      '304': { description: 'You have it already.', headers: CACHING },
      ...(parameters.some((one) => one.in === 'path') && PROBLEMS.notFound),
      ...PROBLEMS.failed,
    },
  },
})

export const SURVEY_PATHS = {
  '/api/v1/results/answers': describeTable(
    {
      operationId: 'surveyAnswers',
      summary: 'Every option of every question at every agency, in one file',
      description:
        'With the words of questions and options in both languages, whether the agency has ended and who took over, and the day on which the file was made. Licence of all figures: `licence`, and the `Link` header (CC BY 4.0 unless the operator has set another). Readable from any site (CORS); `ETag` and `If-None-Match` are understood.',
    },
    surveyAnswersSchema,
    ANSWER_COLUMNS,
  ),
  '/api/v1/results/columns': describeTable(
    {
      operationId: 'surveyColumns',
      summary: 'What every column of the other tables means',
      description: 'With the tables that have it and the values that it may hold, in both languages.',
    },
    columnsSchema,
    ['column', 'tables', 'meaning_vi', 'meaning_en', 'values_vi', 'values_en'],
  ),
  '/api/v1/results/kiosks': describeTable(
    {
      operationId: 'surveyKiosks',
      summary: 'What was answered at kiosks, week by week',
      description:
        'Apart from every other table: who stands before a kiosk cannot be told apart. An agency’s answers become public by whole weeks, once thirty of them count, of which at most six an hour are of one kiosk; what is short comes with a later week. Until 2026-12 answers of kiosks were in the other tables, and stay there.',
    },
    kioskRowsSchema,
    KIOSK_COLUMNS,
  ),
  '/api/v1/results/parts': describeTable(
    {
      operationId: 'surveyParts',
      summary: 'The headline question by month of service, procedure and state of the case',
      description:
        'An answer belongs to the month of its service, and to none where it came more than three months later. `waiting`: the result was not due or not there yet. A month or state is told with ten new people, a procedure with thirty, and only where what stays untold is nothing or from ten people or more; so the parts of an agency may add up to less than its figures.',
    },
    partRowsSchema,
    PART_COLUMNS,
  ),
  '/api/v1/results/invited': describeTable(
    {
      operationId: 'surveyInvited',
      summary: 'What people who were drawn at random answered',
      description:
        'Apart from every other table. Each month people are drawn at random of an agency’s finished cases and invited, each once. What they answer becomes public by whole draws, once thirty have answered, and never changes. `count` is of people, `weighted` of cases.',
    },
    invitedRowsSchema,
    INVITED_COLUMNS,
  ),
  '/api/v1/results/volumes': describeTable(
    {
      operationId: 'surveyVolumes',
      summary: 'How many cases agencies have finished',
      description:
        'By month and, where known, by procedure, with who told it. With `/api/v1/results` the share by volume can be worked out again.',
    },
    volumeRowsSchema,
    VOLUME_COLUMNS,
  ),
  '/api/v1/results': describeTable(
    {
      operationId: 'surveyResults',
      summary: 'How satisfied people are with every agency',
      description:
        'Totals are sums of what is public below them: nothing suppressed is in any total. The CSV has a line for each agency and none for the totals.',
    },
    cityResultsSchema,
    CITY_COLUMNS,
  ),
  '/api/v1/results/months': describeTable(
    {
      operationId: 'surveyMonths',
      summary: 'How satisfied people are with all agencies, month by month',
      description: 'The headline question, by the month in which answers became public.',
    },
    monthsSchema,
    MONTH_COLUMNS,
  ),
  '/api/v1/results/months/{month}': describeTable(
    {
      operationId: 'surveyMonth',
      summary: 'Every agency in one month',
      description:
        'What became public in that month. Without bands: agencies are compared over all months together.',
      parameters: parametersOf('path', monthPathSchema),
    },
    monthResultsSchema,
    CITY_COLUMNS,
  ),
  '/api/v1/results/questions/{version}/{question}': describeTable(
    {
      operationId: 'surveyQuestion',
      summary: 'One question at every agency',
      description: 'Also of versions that are no longer asked: the answers stay theirs.',
      parameters: parametersOf('path', questionPathSchema),
    },
    questionResultsSchema,
    QUESTION_COLUMNS,
  ),
  '/api/v1/results/{agency}': describeTable(
    {
      operationId: 'surveyResultsOfAgency',
      summary: 'One agency: its questions, months, codes and reorganisations',
      description: 'Also of an agency that has ended: its figures stay its own. The CSV has its questions.',
      parameters: parametersOf('path', agencyPathSchema),
    },
    agencyResultsSchema,
    QUESTION_COLUMNS,
  ),
  '/api/v1/results/{agency}/months': describeTable(
    {
      operationId: 'surveyMonthsOfAgency',
      summary: 'One agency, month by month',
      description: 'The headline question, by the month in which answers became public.',
      parameters: parametersOf('path', agencyPathSchema),
    },
    agencyMonthsSchema,
    MONTH_COLUMNS,
  ),
}
