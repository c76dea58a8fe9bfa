import { listVolumes } from '#features/ratings/volumes/data.ts'
import { OPEN_DATA, READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { localDate } from '#lib/time.ts'
import { answerTable } from '../answer.ts'
import { VOLUME_COLUMNS, type VolumeRows } from '../schemas.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/results/volumes` → the cases that agencies have finished, by month and procedure, with their source. */
export const GET = routeHandler(async (request) => {
  const read = await listVolumes()
  const volumes: VolumeRows['volumes'] = read.map(
    ({ agencyId, month, procedure, cases, source, toldOn }) => ({
      ...{ agency: agencyId, month, procedure, cases, source, as_of: toldOn },
    }),
  )
  return answerTable(request, 'so-ho-so', localDate(new Date()), { volumes }, VOLUME_COLUMNS, 'volumes')
}, OPEN_DATA)

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
