import { readInvited } from '#features/ratings/invitations/data.ts'
import { OPEN_DATA, READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { localDate } from '#lib/time.ts'
import { answerTable } from '../answer.ts'
import { INVITED_COLUMNS, type InvitedRows } from '../schemas.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/results/invited` → the answers of people drawn at random, with the draws; no other table has them. */
export const GET = routeHandler(async (request) => {
  const { cells, releases } = await readInvited()
  const asOf = localDate(new Date())
  const invited: InvitedRows['invited'] = cells.flatMap(
    ({ agencyId, month, version, question, counts, weighted, respondents, effective }) => {
      const of = releases.find((one) => one.agencyId === agencyId && one.month === month)
      return Object.entries(counts)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([option, count]) => ({
          ...{ agency: agencyId, month, service_months: of?.of.join(' ') ?? '' },
          ...{ drawn_cases: of?.cases ?? 0, drawn: of?.drawn ?? 0, answered: of?.answered ?? 0 },
          ...{ questionnaire: version, question, option, count, respondents },
          ...{ weighted: weighted[option] ?? 0, effective, as_of: asOf },
        }))
    },
  )
  return answerTable(request, 'ket-qua-moi', asOf, { invited }, INVITED_COLUMNS)
}, OPEN_DATA)

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
