import { readArchivedAnswers, readSnapshot } from '#features/statistics/archive/data.ts'
import { notFound } from '#http/problem.ts'
import { OPEN_DATA, READ_ONLY, routeHandler } from '#http/route-handler.ts'
import { dataLicence } from '#http/settings.ts'
import type { Access } from '#lib/access/access.ts'
import { csvTable } from '#lib/csv.ts'
import { answer } from '../../../results/answer.ts'
import { ARCHIVE_COLUMNS, type ArchivedAnswers } from '../../schemas.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/archive/{month}/answers` → every option of every question at every agency, as it was. */
export const GET = routeHandler<{ month: string }>(async (request, { month }) => {
  const snapshot = await readSnapshot(month)
  if (snapshot === null) return notFound()
  const rows = await readArchivedAnswers(snapshot)
  return answer(
    request,
    `luu-tru-${month}-answers`,
    (): ArchivedAnswers => ({ month: snapshot.month, licence: dataLicence().name, answers: rows }),
    () => csvTable(ARCHIVE_COLUMNS, rows),
    null,
    A_DAY,
  )
}, OPEN_DATA)

/** In seconds: the data never changes. */
const A_DAY = 86_400

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
