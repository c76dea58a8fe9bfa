import {
  INTERFACE_LIMITS,
  type SightingAnswers,
  sightingsSchema,
} from '#features/exchange/interface/rules.ts'
import { recordSightings } from '#features/exchange/sightings/acts.ts'
import { jsonBody } from '#http/json-body.ts'
import { badBody } from '#http/problem.ts'
import { POST_ONLY } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { carrierEndpoint } from '../../carrier-endpoint.ts'

export const access = 'holder of a carrier’s key' satisfies Access

export const POST = carrierEndpoint(async (carrierId, request) => {
  const body = await jsonBody(request, INTERFACE_LIMITS.bodyBytes)
  if (!body.ok) return body.error
  const told = sightingsSchema.safeParse(body.value)
  if (!told.success) return badBody(told.error)
  const results = await recordSightings(carrierId, told.data.sightings, new Date())
  return Response.json({ results } satisfies SightingAnswers, { headers: { 'cache-control': 'no-store' } })
})

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = POST_ONLY
