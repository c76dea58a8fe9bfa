import { findLogEntry } from '#features/audit/published/data.ts'
import { readAgencyResults } from '#features/results/agency-data.ts'
import { notFound } from '#http/problem.ts'
import { OPEN_DATA, READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { answer, dated } from '../../answer.ts'
import { monthsCsv, monthsJson } from '../../figures.ts'
import type { AgencyMonthsAnswer } from '../../schemas.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/results/{agency}/months` → `{ months }` of an agency's headline, or the months as CSV. */
export const GET = routeHandler<{ agency: string }>(async (request, { agency }) => {
  const now = new Date()
  const found = await readAgencyResults(agency, now)
  if (found === null) return notFound()
  const date = dated(now)
  const { own, rule } = found.trend
  return answer(
    request,
    `ket-qua-${found.agency.id}-theo-thang`,
    (): AgencyMonthsAnswer => ({ ...date, agency: found.agency.id, months: monthsJson(own, rule) }),
    () => monthsCsv(own, rule, date.asOf),
    await findLogEntry({ scope: `results.${found.agency.id}` }),
  )
}, OPEN_DATA)

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
