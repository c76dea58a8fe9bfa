import { readAgencyPasts } from '#features/agencies/data.ts'
import { findLogEntry } from '#features/audit/published/data.ts'
import { readMonthResults } from '#features/results/data.ts'
import { parseMonth } from '#features/results/rules.ts'
import { notFound } from '#http/problem.ts'
import { OPEN_DATA, READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { answer, dated } from '../../answer.ts'
import { cityCsv, cityJson } from '../../figures.ts'
import type { MonthResultsAnswer } from '../../schemas.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/results/months/{month}` → the city's tables of the answers that became public in that month. */
export const GET = routeHandler<{ month: string }>(async (request, params) => {
  const month = parseMonth(params.month)
  const now = new Date()
  const found = month && (await readMonthResults(month, now))
  if (month === null || found === null) return notFound()
  const [date, pasts] = [dated(now), await readAgencyPasts(now)]
  return answer(
    request,
    `ket-qua-${month}`,
    (): MonthResultsAnswer => ({ ...date, month, ...cityJson(found, pasts) }),
    () => cityCsv(found, pasts, date.asOf),
    await findLogEntry({ scope: 'results' }),
  )
}, OPEN_DATA)

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
