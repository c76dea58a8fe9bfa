import { findProcedure } from '#features/ratings/procedures/rules.ts'
import { readPublicParts } from '#features/results/data.ts'
import { total } from '#features/results/tally-rules.ts'
import { OPEN_DATA, READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { localDate } from '#lib/time.ts'
import { answerTable } from '../answer.ts'
import { PART_COLUMNS, type PartRows } from '../schemas.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/results/parts` → the headline of each agency by month of service, procedure, and state of the case. */
export const GET = routeHandler(async (request) => {
  const read = await readPublicParts()
  const asOf = localDate(new Date())
  const parts: PartRows['parts'] = read.flatMap(({ agencyId, facet, value, counts }) =>
    Object.entries(counts)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([option, count]) => ({
        ...{ agency: agencyId, facet, value },
        value_vi: (facet === 'procedure' && findProcedure(value)?.vi) || '',
        value_en: (facet === 'procedure' && findProcedure(value)?.en) || '',
        ...{ option, count, respondents: total(counts), as_of: asOf },
      })),
  )
  return answerTable(request, 'ket-qua-theo-phan', asOf, { parts }, PART_COLUMNS)
}, OPEN_DATA)

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
