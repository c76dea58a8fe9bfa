import { findLogEntry } from '#features/audit/published/data.ts'
import { readPublicParts } from '#features/results/data.ts'
import { OPEN_DATA, READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { csvTable } from '#lib/csv.ts'
import { answer, dated } from '../answer.ts'
import type { PartRows } from '../schemas.ts'
import { PART_COLUMNS, partRows } from './rows.ts'

export const access = 'anybody' satisfies Access

/**
 * `GET /api/v1/results/parts` → the headline of each agency by month of service, by procedure, and by whether the case was over.
 */
export const GET = routeHandler(async (request) => {
  const parts = await readPublicParts()
  const date = dated(new Date())
  const rows = partRows(parts, date.asOf)
  return answer(
    request,
    `ket-qua-theo-phan-${date.asOf}`,
    (): PartRows => ({ ...date, parts: rows }),
    () => csvTable(PART_COLUMNS, rows),
    await findLogEntry({ scope: 'results' }),
  )
}, OPEN_DATA)

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
