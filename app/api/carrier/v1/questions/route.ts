import { readQuestions } from '#features/exchange/questions/acts.ts'
import { changesQuerySchema } from '#features/exchange/rules/interface.ts'
import { badParameters } from '#http/problem.ts'
import { queryOf } from '#http/query.ts'
import { READ_ONLY } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { beyondHead, carrierEndpoint } from '../../carrier-endpoint.ts'

export const access = 'holder of a carrier’s key' satisfies Access

export const GET = carrierEndpoint(async (carrierId, request) => {
  const query = changesQuerySchema.safeParse(queryOf(request))
  if (!query.success) return badParameters(query.error)
  const found = await readQuestions(carrierId, query.data, request.signal)
  if (!found.ok) return beyondHead('after is greater than the last sequence of your questions')
  return Response.json(found.value, { headers: { 'cache-control': 'no-store' } })
})

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
