import { findLogEntry } from '#features/audit/published/data.ts'
import { publicDelays } from '#features/lateness/data.ts'
import { readAreaMonths, readPublicFacts } from '#features/statistics/data.ts'
import { OPEN_DATA, READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { csvLine } from '#lib/csv.ts'
import { answer } from '../results/answer.ts'
import { tableSchema } from './schemas.ts'
import { monthFiguresJson, TABLES } from './tables.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/figures` → every table, or as CSV the one in `?table=`: `areas`, `months`, `hours`, `carriers`, `delays`. */
export const GET = routeHandler(async (request) => {
  const [facts, areas, delays] = await Promise.all([
    readPublicFacts(null),
    readAreaMonths(),
    publicDelays(new Date()),
  ])
  const table = tableSchema.parse(new URL(request.url).searchParams.get('table'))
  const figures = monthFiguresJson(facts, areas, delays)
  return answer(
    request,
    `so-lieu-${table}`,
    () => figures,
    () => TABLES[table](figures).map(csvLine).join(''),
    await findLogEntry({ scope: 'figures' }),
  )
}, OPEN_DATA)

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
