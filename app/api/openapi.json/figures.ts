import { z } from 'zod'
import { monthFiguresSchema, tableSchema } from '../v1/figures/schemas.ts'
import { TABLES } from '../v1/figures/tables.ts'
import {
  publishedTableSchema as publicTableSchema,
  tablePathSchema,
  tablesSchema,
} from '../v1/tables/schemas.ts'
import { json, PROBLEMS } from './parts.ts'
import { parametersOf } from './schemas.ts'
import { DATA_AS_OF, describeTable, LOG_ENTRY } from './survey.ts'

const [columns = []] = TABLES.areas({
  unit: 5,
  headline: null,
  months: [],
  areas: [],
  hours: [],
  hoursOf: [],
  delays: [],
  carriers: [],
})

export const FIGURES_PATHS = {
  '/api/v1/figures': describeTable(
    {
      operationId: 'publicFigures',
      summary: 'Reports, blocks and recoveries by month, district and hour, and how fast carriers act',
      description:
        'A census of the portal’s cases, no sample: there are no sampling intervals. A month is published once, 14 days after its end, and never changes. Counts are fives whose remainders go on to the next row and month, each column by itself. In every column the city’s month, and any run of months, is within four of the truth, and so is one area’s or hour’s month; of several months of one area or hour each may be four off. `delays` is of the moment that it is asked: the worst open delay of police in days, rounded up to fives; a kind is told of only where five or more are late.',
      parameters: parametersOf('query', z.object({ table: tableSchema })),
    },
    monthFiguresSchema,
    columns,
  ),
  '/api/v1/tables': {
    get: {
      tags: ['public'],
      operationId: 'publicTables',
      summary: 'Every public table with the hash under which the audit log has it',
      description:
        'All public figures are worked out of these tables. Each change of one is an entry `figures.published` of the log, and what it said is kept at `/log/figures/{sha256}.json` for good; `/log/figures/{sha256}.proof.json` is the proof of its entry.',
      responses: { '200': { description: 'By name.', ...json(tablesSchema) }, ...PROBLEMS.failed },
    },
  },
  '/api/v1/tables/{table}': {
    get: {
      tags: ['public'],
      operationId: 'publicTable',
      summary: 'One public table as it is now, as canonical JSON (RFC 8785)',
      description:
        'The SHA-256 of the answer is in `X-Log-Entry` within ten minutes of a change; until then the header names what was published before.',
      parameters: parametersOf('path', tablePathSchema),
      responses: {
        '200': {
          description: 'The counts.',
          headers: { 'X-Log-Entry': LOG_ENTRY, 'X-Data-As-Of': DATA_AS_OF },
          ...json(publicTableSchema),
        },
        ...PROBLEMS.notFound,
        ...PROBLEMS.failed,
      },
    },
  },
}
