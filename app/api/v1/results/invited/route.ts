import { findLogEntry } from '#features/audit/published/data.ts'
import { readInvited } from '#features/ratings/invitations/data.ts'
import { OPEN_DATA, READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { csvTable } from '#lib/csv.ts'
import { answer, dated } from '../answer.ts'
import type { InvitedRows } from '../schemas.ts'
import { INVITED_COLUMNS, invitedRows } from './rows.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/results/invited` → the answers of people drawn at random, with the draws; no other table has them. */
export const GET = routeHandler(async (request) => {
  const invited = await readInvited()
  const date = dated(new Date())
  const rows = invitedRows(invited, date.asOf)
  return answer(
    request,
    `ket-qua-moi-${date.asOf}`,
    (): InvitedRows => ({ ...date, invited: rows }),
    () => csvTable(INVITED_COLUMNS, rows),
    await findLogEntry({ scope: 'results' }),
  )
}, OPEN_DATA)

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
