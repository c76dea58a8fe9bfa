import { LIMITS, type ResultAnswers, resultsSchema } from '#features/exchange/interface/rules.ts'
import { recordResults, recordResultsOnPaper } from '#features/exchange/results/acts.ts'
import { jsonBody } from '#http/json-body.ts'
import { badBody } from '#http/problem.ts'
import { POST_ONLY } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { carrierEndpoint } from '../../carrier-endpoint.ts'

export const access = 'holder of a carrier’s key' satisfies Access

const takeResults =
  (record: typeof recordResultsOnPaper) =>
  async (carrierId: string, request: Request): Promise<Response> => {
    const body = await jsonBody(request, LIMITS.bodyBytes)
    if (!body.ok) return body.error
    const told = resultsSchema.safeParse(body.value)
    if (!told.success) return badBody(told.error)
    const results = await record(carrierId, told.data.results, new Date())
    return Response.json({ results } satisfies ResultAnswers, { headers: { 'cache-control': 'no-store' } })
  }

export const POST = carrierEndpoint(takeResults(recordResults), takeResults(recordResultsOnPaper))

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = POST_ONLY
