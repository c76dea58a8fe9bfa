import { changesQuerySchema } from '#domain/exchange/interface.ts'
import { badParameters } from '#server/entry/problem.ts'
import { queryOf } from '#server/entry/query.ts'
import { readQuestions } from '#server/exchange/commands/read-questions.ts'
import { beyondHead, carrierEndpoint, READ_ONLY } from '../../carrier-endpoint.ts'

export const GET = carrierEndpoint(async (carrierId, request) => {
  const query = changesQuerySchema.safeParse(queryOf(request))
  if (!query.success) return badParameters(query.error)
  const found = await readQuestions(carrierId, query.data, request.signal)
  if (!found.ok) return beyondHead('after is greater than the last sequence of your questions')
  return Response.json(found.value, { headers: { 'cache-control': 'no-store' } })
})

export const { HEAD, POST, PUT, PATCH, DELETE } = READ_ONLY
