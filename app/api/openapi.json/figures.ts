import { z } from 'zod'
import { figuresSchema, tableSchema } from '../v1/figures/schemas.ts'
import { TABLES } from '../v1/figures/tables.ts'
import { parametersOf } from './schemas.ts'
import { table } from './survey.ts'

const [columns = []] = TABLES.areas({
  unit: 5,
  months: [],
  areas: [],
  hours: [],
  hoursOf: [],
  delays: [],
  carriers: [],
})

export const FIGURES_PATHS = {
  '/api/v1/figures': table(
    {
      operationId: 'publicFigures',
      summary: 'Reports, blocks and recoveries by month, district and hour, and how fast carriers act',
      description:
        'A census of the portal’s cases, no sample: there are no sampling intervals. A month is published once, 14 days after its end, and never changes. Counts are fives whose remainders go on to the next row and month, each column by itself. In every column the city’s month, and any run of months, is within four of the truth, and so is one area’s or hour’s month; of several months of one area or hour each may be four off. `delays` is of the moment that it is asked: the worst open delay of police in days, rounded up to fives; a kind is told of only where five or more are late.',
      parameters: parametersOf('query', z.object({ table: tableSchema })),
    },
    figuresSchema,
    columns,
  ),
}
