import { readAlerts } from '#features/alerts/alerts/acts.ts'
import { alertsQuerySchema } from '#features/alerts/alerts/rules.ts'
import { badParameters, problem } from '#http/problem.ts'
import { queryOf } from '#http/query.ts'
import { READ_ONLY } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { receiverEndpoint } from '../../receiver-endpoint.ts'

export const access = 'holder of a receiver’s key' satisfies Access

export const GET = receiverEndpoint(async (receiverId, request) => {
  const query = alertsQuerySchema.safeParse(queryOf(request))
  if (!query.success) return badParameters(query.error)
  const found = await readAlerts(receiverId, query.data, request.signal)
  if (!found.ok)
    return problem({
      status: 409,
      code: 'beyond-head',
      title: 'Your sequence does not reach that far',
      detail: 'after is greater than the last sequence of your alerts',
    })
  return Response.json(found.value, { headers: { 'cache-control': 'no-store' } })
})

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
