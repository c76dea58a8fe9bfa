import { csvLine } from '#lib/csv.ts'
import { catalogue } from '#messages/catalogue.ts'
import { CITY_COLUMNS, MONTH_COLUMNS } from '../figures.ts'
import { QUESTION_COLUMNS } from '../questions.ts'
import { ANSWER_COLUMNS, INVITED_COLUMNS, KIOSK_COLUMNS, PART_COLUMNS, VOLUME_COLUMNS } from '../schemas.ts'

/** Every column of the survey's CSV files, with the type of its values. */
export const COLUMNS = {
  agency: 'text',
  kind: 'kind',
  name_vi: 'text',
  name_en: 'text',
  responses: 'count',
  satisfied: 'share',
  low: 'share',
  high: 'share',
  suppressed: 'flag',
  band: 'band',
  month: 'month',
  week: 'day',
  lower_limit: 'share',
  upper_limit: 'share',
  outside: 'flag',
  questionnaire: 'count',
  question: 'text',
  option: 'text',
  count: 'count',
  respondents: 'count',
  share: 'share',
  satisfied_low: 'share',
  satisfied_high: 'share',
  versions: 'text',
  use: 'use',
  ended_on: 'day',
  successors: 'text',
  former_name_vi: 'text',
  former_name_en: 'text',
  name_since: 'day',
  question_vi: 'text',
  question_en: 'text',
  option_vi: 'text',
  option_en: 'text',
  as_of: 'day',
  rule: 'rule',
  same_network: 'count',
  visible: 'share',
  cases: 'count',
  per_thousand: 'rate',
  procedure: 'text',
  facet: 'facet',
  value: 'text',
  value_vi: 'text',
  value_en: 'text',
  service_months: 'text',
  drawn_cases: 'count',
  drawn: 'count',
  answered: 'count',
  weighted: 'share',
  effective: 'rate',
  source: 'text',
} as const
export type ColumnName = keyof typeof COLUMNS

/** The columns of each table, by the end of its address. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  answers: ANSWER_COLUMNS,
  results: CITY_COLUMNS,
  months: MONTH_COLUMNS,
  'months/{month}': CITY_COLUMNS,
  '{agency}': QUESTION_COLUMNS,
  '{agency}/months': MONTH_COLUMNS,
  'questions/{version}/{question}': QUESTION_COLUMNS,
  invited: INVITED_COLUMNS,
  kiosks: KIOSK_COLUMNS,
  parts: PART_COLUMNS,
  volumes: VOLUME_COLUMNS,
}

const entries = Object.entries(COLUMNS) as readonly (readonly [ColumnName, (typeof COLUMNS)[ColumnName]])[]

export const columnsJson = () => ({
  columns: entries.map(([column, type]) => {
    const words = (locale: 'vi' | 'en') => catalogue[locale]['results-data']
    return {
      column,
      tables: Object.keys(TABLES).filter((table) => TABLES[table]?.includes(column)),
      meaning: { vi: words('vi').col[column], en: words('en').col[column] },
      values: { vi: words('vi').type[type], en: words('en').type[type] },
    }
  }),
})

export const columnsCsv = (): string =>
  [
    ['column', 'tables', 'meaning_vi', 'meaning_en', 'values_vi', 'values_en'],
    ...columnsJson().columns.map(({ column, tables, meaning, values }) => [
      ...[column, tables.join(' '), meaning.vi, meaning.en, values.vi, values.en],
    ]),
  ]
    .map(csvLine)
    .join('')
