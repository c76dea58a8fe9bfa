import { readPublicKioskWeeks } from '#features/results/data.ts'
import { OPEN_DATA, READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { localDate } from '#lib/time.ts'
import { answerTable } from '../answer.ts'
import { KIOSK_COLUMNS, type KioskRows } from '../schemas.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/results/kiosks` → the public answers given at kiosks, by week; no other table has them. */
export const GET = routeHandler(async (request) => {
  const weeks = await readPublicKioskWeeks()
  const asOf = localDate(new Date())
  const kiosks: KioskRows['kiosks'] = weeks.flatMap(
    ({ agencyId, week, version, question, counts, respondents }) =>
      Object.entries(counts)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([option, count]) => ({
          ...{ agency: agencyId, week, questionnaire: version, question },
          ...{ option, count, respondents, as_of: asOf },
        })),
  )
  return answerTable(request, 'ket-qua-tai-quay', asOf, { kiosks }, KIOSK_COLUMNS)
}, OPEN_DATA)

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
