import { takeVolumes } from '#features/ratings/volumes/acts.ts'
import { volumesSchema } from '#features/ratings/volumes/rules.ts'
import { faultyRows } from '#http/problem.ts'
import { POST_ONLY, routeHandler } from '#http/route-handler.ts'
import { signedBody } from '#http/signed-body.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'holder of the one-stop system’s secret' satisfies Access

const BODY = { schema: volumesSchema, mostBytes: 4 * 1024 * 1024, secret: 'VOLUMES_SECRET' } as const

/** `POST /api/survey/v1/volumes`: the numbers of cases that agencies have finished, from the city's one-stop system. */
export const POST = routeHandler(async (request) => {
  const now = new Date()
  const body = await signedBody(request, BODY, now)
  if (!body.ok) return body.error
  const taken = await takeVolumes(body.value, now)
  return taken.ok ? Response.json({ changed: taken.value }) : faultyRows('rows', taken.error.faults)
})

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = POST_ONLY
