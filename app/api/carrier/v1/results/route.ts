import { createHash } from 'node:crypto'
import { INTERFACE_LIMITS, type ResultAnswers, resultsSchema } from '#features/exchange/interface/rules.ts'
import { signDetached } from '#features/exchange/lists/data.ts'
import { recordResults, recordResultsOnPaper } from '#features/exchange/results/acts.ts'
import { jsonValue, textBody } from '#http/json-body.ts'
import { badBody } from '#http/problem.ts'
import { POST_ONLY } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { carrierEndpoint } from '../../carrier-endpoint.ts'

export const access = 'holder of a carrier’s key' satisfies Access

/** Answers row by row, and signs the answer with the hash of the posted body, so that the carrier can prove both later. */
const takeResults =
  (record: typeof recordResultsOnPaper) =>
  async (carrier: string, request: Request): Promise<Response> => {
    const text = await textBody(request, INTERFACE_LIMITS.bodyBytes)
    if (!text.ok) return text.error
    const posted = jsonValue(text.value)
    if (!posted.ok) return posted.error
    const told = resultsSchema.safeParse(posted.value)
    if (!told.success) return badBody(told.error)
    const now = new Date()
    const results = await record(carrier, told.data.results, now)
    const sha256 = createHash('sha256').update(text.value).digest('hex')
    const answer = JSON.stringify({ results, carrier, at: now.toISOString(), sha256 } satisfies ResultAnswers)
    return new Response(answer, {
      headers: {
        'content-type': 'application/json',
        'cache-control': 'no-store',
        'x-answer-jws': signDetached(answer),
      },
    })
  }

export const POST = carrierEndpoint(takeResults(recordResults), takeResults(recordResultsOnPaper))

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = POST_ONLY
