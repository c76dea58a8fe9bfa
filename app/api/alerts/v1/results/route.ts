import { recordAlertResults } from '#features/alerts/alerts/acts.ts'
import { ALERT_LIMITS, type AlertResultAnswers, alertResultsSchema } from '#features/alerts/alerts/rules.ts'
import { jsonBody } from '#http/json-body.ts'
import { badBody } from '#http/problem.ts'
import { POST_ONLY } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { receiverEndpoint } from '../../receiver-endpoint.ts'

export const access = 'holder of a receiver’s key' satisfies Access

export const POST = receiverEndpoint(async (receiverId, request) => {
  const body = await jsonBody(request, ALERT_LIMITS.bodyBytes)
  if (!body.ok) return body.error
  const told = alertResultsSchema.safeParse(body.value)
  if (!told.success) return badBody(told.error)
  const results = await recordAlertResults(receiverId, told.data.results, new Date())
  return Response.json({ results } satisfies AlertResultAnswers, { headers: { 'cache-control': 'no-store' } })
})

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = POST_ONLY
