import { readSnapshot } from '#features/statistics/archive/data.ts'
import { notFound } from '#http/problem.ts'
import { OPEN_DATA, READ_ONLY, routeHandler } from '#http/route-handler.ts'
import { dataLicence } from '#http/settings.ts'
import type { Access } from '#lib/access/access.ts'
import { csvLine } from '#lib/csv.ts'
import { answer } from '../../results/answer.ts'
import { cite, snapshotPage } from '../cite.ts'
import type { SnapshotAnswer } from '../schemas.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/archive/{month}` → one snapshot: its citation, and the hash of each table. */
export const GET = routeHandler<{ month: string }>(async (request, { month }) => {
  const snapshot = await readSnapshot(month)
  if (snapshot === null) return notFound()
  return answer(
    request,
    `luu-tru-${month}`,
    (): SnapshotAnswer => ({
      ...snapshot,
      page: snapshotPage(snapshot.month),
      licence: dataLicence().name,
      citation: cite(snapshot),
    }),
    () =>
      [['table', 'sha256'], ...snapshot.tables.map(({ table, sha256 }) => [table, sha256])]
        .map(csvLine)
        .join(''),
  )
}, OPEN_DATA)

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
