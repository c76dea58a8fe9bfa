import { readArchivedBlocking, readSnapshot } from '#features/statistics/archive/data.ts'
import { notFound } from '#http/problem.ts'
import { OPEN_DATA, READ_ONLY, routeHandler } from '#http/route-handler.ts'
import { dataLicence } from '#http/settings.ts'
import type { Access } from '#lib/access/access.ts'
import { csvTable } from '#lib/csv.ts'
import { answer } from '../../../results/answer.ts'
import { type ArchivedBlocking, BLOCKING_COLUMNS } from '../../schemas.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/archive/{month}/blocking` → the evaluation set for blocking: counts by month and area. */
export const GET = routeHandler<{ month: string }>(async (request, { month }) => {
  const snapshot = await readSnapshot(month)
  if (snapshot === null) return notFound()
  const rows = await readArchivedBlocking(snapshot)
  return answer(
    request,
    `luu-tru-${month}-blocking`,
    (): ArchivedBlocking => ({ month: snapshot.month, licence: dataLicence().name, rows }),
    () => csvTable(BLOCKING_COLUMNS, rows),
    null,
    A_DAY,
  )
}, OPEN_DATA)

/** In seconds: the data never changes. */
const A_DAY = 86_400

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
