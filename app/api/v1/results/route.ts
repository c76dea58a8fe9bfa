import { readAgencyPasts } from '#features/agencies/data.ts'
import { findLogEntry } from '#features/audit/published/data.ts'
import { readResults } from '#features/results/data.ts'
import { OPEN_DATA, READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { answer, dated } from './answer.ts'
import { cityCsv, cityJson } from './figures.ts'
import type { CityResultsAnswer } from './schemas.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/results` → `{ city, groups, agencies, former }`, or the agencies as CSV. */
export const GET = routeHandler(async (request) => {
  const now = new Date()
  const date = dated(now)
  const [all, pasts] = await Promise.all([readResults(now), readAgencyPasts(now)])
  return answer(
    request,
    'ket-qua',
    (): CityResultsAnswer => ({ ...date, ...cityJson(all, pasts) }),
    () => cityCsv(all, pasts, date.asOf),
    await findLogEntry({ scope: 'results' }),
  )
}, OPEN_DATA)

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
