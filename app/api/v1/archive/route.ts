import { listSnapshots } from '#features/statistics/archive/data.ts'
import { OPEN_DATA, READ_ONLY, routeHandler } from '#http/route-handler.ts'
import { dataLicence } from '#http/settings.ts'
import type { Access } from '#lib/access/access.ts'
import { csvLine } from '#lib/csv.ts'
import { answer } from '../results/answer.ts'
import { snapshotPage } from './cite.ts'
import type { ArchiveAnswer } from './schemas.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/archive` → the monthly snapshots of the open data, by date and hash. */
export const GET = routeHandler(async (request) => {
  const snapshots = (await listSnapshots()).map((one) => ({ ...one, page: snapshotPage(one.month) }))
  return answer(
    request,
    'luu-tru',
    (): ArchiveAnswer => ({ licence: dataLicence().name, snapshots }),
    () =>
      [
        ['month', 'taken_on', 'sha256', 'page'],
        ...snapshots.map(({ month, takenOn, sha256, page }) => [month, takenOn, sha256, page]),
      ]
        .map(csvLine)
        .join(''),
  )
}, OPEN_DATA)

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
