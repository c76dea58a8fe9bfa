import { findLogEntry } from '#features/audit/published/data.ts'
import { readCityTrend } from '#features/results/data.ts'
import { OPEN_DATA, READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { answer, dated } from '../answer.ts'
import { monthsCsv, monthsJson } from '../figures.ts'
import type { MonthsAnswer } from '../schemas.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/results/months` → `{ months }` of the city's headline, or the months as CSV. */
export const GET = routeHandler(async (request) => {
  const now = new Date()
  const { own, rule } = await readCityTrend(now)
  const date = dated(now)
  return answer(
    request,
    'ket-qua-theo-thang',
    (): MonthsAnswer => ({ ...date, months: monthsJson(own, rule) }),
    () => monthsCsv(own, rule, date.asOf),
    await findLogEntry({ scope: 'results' }),
  )
}, OPEN_DATA)

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
