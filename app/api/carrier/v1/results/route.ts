import { LIMITS, type ResultAnswers, resultsSchema } from '#domain/exchange/interface.ts'
import { jsonBody } from '#server/entry/json-body.ts'
import { badBody } from '#server/entry/problem.ts'
import { recordResults } from '#server/exchange/commands/record-results.ts'
import { carrierEndpoint, POST_ONLY } from '../../carrier-endpoint.ts'

export const POST = carrierEndpoint(async (carrierId, request) => {
  const body = await jsonBody(request, LIMITS.bodyBytes)
  if (!body.ok) return body.error
  const told = resultsSchema.safeParse(body.value)
  if (!told.success) return badBody(told.error)
  const results = await recordResults(carrierId, told.data.results, new Date())
  return Response.json({ results } satisfies ResultAnswers, { headers: { 'cache-control': 'no-store' } })
})

export const { GET, HEAD, PUT, PATCH, DELETE } = POST_ONLY
