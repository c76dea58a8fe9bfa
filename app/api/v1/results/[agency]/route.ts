import { readAgencyPasts } from '#features/agencies/data.ts'
import { findLogEntry } from '#features/audit/published/data.ts'
import { readAgencyResults } from '#features/results/agency-data.ts'
import { notFound } from '#http/problem.ts'
import { OPEN_DATA, READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { answer, dated } from '../answer.ts'
import { agencyResultsCsv, agencyResultsJson } from '../questions.ts'
import type { AgencyResultsAnswer } from '../schemas.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/results/{agency}` → all public figures of an agency, or its questions' counts as CSV. */
export const GET = routeHandler<{ agency: string }>(async (request, { agency }) => {
  const now = new Date()
  const [found, pasts] = await Promise.all([readAgencyResults(agency, now), readAgencyPasts(now)])
  if (found === null) return notFound()
  const date = dated(now)
  return answer(
    request,
    `ket-qua-${found.agency.id}`,
    (): AgencyResultsAnswer => ({ ...date, ...agencyResultsJson(found, pasts) }),
    () => agencyResultsCsv(found, pasts, date.asOf),
    await findLogEntry({ scope: `results.${found.agency.id}` }),
  )
}, OPEN_DATA)

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
