import { type Acknowledgement, ackSchema, LIMITS } from '#domain/exchange/interface.ts'
import { jsonBody } from '#server/entry/json-body.ts'
import { badBody } from '#server/entry/problem.ts'
import { acknowledge } from '#server/exchange/commands/acknowledge.ts'
import { beyondHead, carrierEndpoint, POST_ONLY } from '../../carrier-endpoint.ts'

export const POST = carrierEndpoint(async (carrierId, request) => {
  const body = await jsonBody(request, LIMITS.bodyBytes)
  if (!body.ok) return body.error
  const ack = ackSchema.safeParse(body.value)
  if (!ack.success) return badBody(ack.error)
  const known = await acknowledge(carrierId, ack.data.upTo, new Date())
  if (!known.ok) return beyondHead('upTo is greater than the last sequence of your book')
  return Response.json({ upTo: known.value } satisfies Acknowledgement, {
    headers: { 'cache-control': 'no-store' },
  })
})

export const { GET, HEAD, PUT, PATCH, DELETE } = POST_ONLY
