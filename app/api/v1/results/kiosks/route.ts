import { findLogEntry } from '#features/audit/published/data.ts'
import { readPublicKioskWeeks } from '#features/results/data.ts'
import { OPEN_DATA, READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { csvTable } from '#lib/csv.ts'
import { answer, dated } from '../answer.ts'
import type { KioskRows } from '../schemas.ts'
import { KIOSK_COLUMNS, kioskRows } from './rows.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/results/kiosks` → the public answers given at kiosks, by week; no other table has them. */
export const GET = routeHandler(async (request) => {
  const weeks = await readPublicKioskWeeks()
  const date = dated(new Date())
  const rows = kioskRows(weeks, date.asOf)
  return answer(
    request,
    `ket-qua-tai-quay-${date.asOf}`,
    (): KioskRows => ({ ...date, kiosks: rows }),
    () => csvTable(KIOSK_COLUMNS, rows),
    await findLogEntry({ scope: 'results' }),
  )
}, OPEN_DATA)

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
