import { acknowledge } from '#features/exchange/book/acts.ts'
import { type Acknowledgement, ackSchema, INTERFACE_LIMITS } from '#features/exchange/interface/rules.ts'
import { jsonBody } from '#http/json-body.ts'
import { badBody } from '#http/problem.ts'
import { POST_ONLY } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { beyondHead, carrierEndpoint } from '../../carrier-endpoint.ts'

export const access = 'holder of a carrier’s key' satisfies Access

export const POST = carrierEndpoint(async (carrierId, request) => {
  const body = await jsonBody(request, INTERFACE_LIMITS.bodyBytes)
  if (!body.ok) return body.error
  const ack = ackSchema.safeParse(body.value)
  if (!ack.success) return badBody(ack.error)
  const known = await acknowledge(carrierId, ack.data.upTo, new Date())
  if (!known.ok) return beyondHead('upTo is greater than the last sequence of your book')
  return Response.json({ upTo: known.value } satisfies Acknowledgement, {
    headers: { 'cache-control': 'no-store' },
  })
})

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = POST_ONLY
