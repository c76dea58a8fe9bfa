import { PROBLEMS, parameter, ref } from './parts.ts'
import { object } from './survey-schemas.ts'

const month = { type: 'string', pattern: '^\\d{4}-\\d{2}$' }
const fives = (description: string) => ({ type: 'integer', minimum: 0, multipleOf: 5, description })
const share = { type: ['number', 'null'], minimum: 0, maximum: 1 }

const KINDS = {
  robbed: fives('reports of robberies'),
  snatched: fives('reports of snatchings'),
  stolen: fives('reports of thefts'),
  lost: fives('reports of lost phones'),
  reported: fives('all reports, rounded as a column of their own: up to 20 from the four added up'),
}
const FACTS = {
  ...KINDS,
  blockedInTime: fives('of those reported, blocked by every carrier within 14 days of the report'),
  share: {
    ...share,
    description:
      'the true share of those blocked in time in whole hundredths, within half of one of the truth; null where fewer than 100 reports are shown, and for every area',
  },
  verified: fives('verified in the month, whenever reported'),
  blocked: fives('blocked by every carrier in the month, whenever reported'),
  recovered: fives('unblocked in the month because the phone came back'),
  wrong: fives('unblocked in the month because it should not have been blocked'),
}
const rows = (properties: Record<string, object>) => ({ type: 'array', items: object(properties) })
const seconds = { type: ['integer', 'null'], minimum: 0 }

export const FIGURES_PATHS = {
  '/api/v1/figures': {
    get: {
      operationId: 'publicFigures',
      tags: ['public'],
      summary: 'Reports, blocks and recoveries by month, district and hour, and how fast carriers act',
      description:
        'A census of the portal’s cases, no sample: there are no sampling intervals. A month is published once, 14 days after its end, and never changes. Counts are fives whose remainders go on to the next row and month, each column by itself. In every column the city’s month, and any run of months, is within four of the truth, and so is one area’s or hour’s month; of several months of one area or hour each may be four off.',
      parameters: [
        parameter('query', 'format', '`csv` or `json`, where `Accept` cannot say so', {
          enum: ['json', 'csv'],
        }),
        parameter('query', 'table', 'which table, as CSV', {
          enum: ['areas', 'months', 'hours', 'carriers'],
          default: 'areas',
        }),
      ],
      responses: {
        '200': {
          description:
            'As JSON, and as CSV (UTF-8) where `Accept` prefers `text/csv`; by `?format=csv` with a byte order mark, for spreadsheets.',
          content: {
            'application/json': { schema: ref('Facts') },
            'text/csv': {
              schema: { type: 'string' },
              example:
                'month,area,name_vi,name_en,robbed,snatched,stolen,lost,reported,blocked_in_time,share,verified,blocked,recovered,wrong\r\n',
            },
          },
        },
        ...PROBLEMS.failed,
      },
    },
  },
}

export const FIGURES_SCHEMAS = {
  Facts: object({
    unit: { const: 5, description: 'what every count is a multiple of' },
    months: rows({ month, ...FACTS }),
    areas: rows({
      month,
      area: { type: 'string', description: 'the police area’s id' },
      name: object({ vi: { type: 'string' }, en: { type: 'string' } }),
      ...FACTS,
    }),
    hours: rows({ hour: { type: 'string', pattern: '^\\d{2}$' }, ...KINDS }),
    hoursOf: { type: 'array', items: month, description: 'the months that the hours are of' },
    carriers: rows({
      month,
      carrier: { type: 'string' },
      name: { type: 'string' },
      orders: { type: ['integer', 'null'], minimum: 10 },
      suppressed: { type: 'boolean', description: 'fewer than 10 orders' },
      share: {
        ...share,
        description: 'of the month’s orders, carried out within 24 hours, in whole hundredths',
      },
      medianSeconds: { ...seconds, description: 'null where half had not been carried out when published' },
      p90Seconds: seconds,
    }),
  }),
}
