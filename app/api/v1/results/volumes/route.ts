import { findLogEntry } from '#features/audit/published/data.ts'
import { listVolumes } from '#features/ratings/volumes/data.ts'
import { OPEN_DATA, READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { csvTable } from '#lib/csv.ts'
import { answer, dated } from '../answer.ts'
import type { VolumeRows } from '../schemas.ts'
import { VOLUME_COLUMNS, volumeRows } from './rows.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/results/volumes` → the cases that agencies have finished, by month and procedure, with their source. */
export const GET = routeHandler(async (request) => {
  const volumes = await listVolumes()
  const date = dated(new Date())
  const rows = volumeRows(volumes)
  return answer(
    request,
    `so-ho-so-${date.asOf}`,
    (): VolumeRows => ({ ...date, volumes: rows }),
    () => csvTable(VOLUME_COLUMNS, rows),
    await findLogEntry({ scope: 'volumes' }),
  )
}, OPEN_DATA)

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
