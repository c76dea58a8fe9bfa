import { listSequence } from '#features/exchange/lists/data.ts'
import { filesSchema } from '#features/exchange/lists/rules.ts'
import { badParameters } from '#http/problem.ts'
import { queryOf } from '#http/query.ts'
import { READ_ONLY } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { carrierEndpoint } from '../../carrier-endpoint.ts'

export const access = 'holder of a carrier’s key' satisfies Access

/** `GET /api/carrier/v1/files`: redirects to the files of the book's last sequence, with the same query. */
export const GET = carrierEndpoint(async (carrierId, request) => {
  const seq = await listSequence(carrierId)
  const asked = filesSchema.safeParse({ ...queryOf(request), seq: String(seq) })
  if (!asked.success) return badParameters(asked.error)
  const location = `/api/carrier/v1/files/${seq}${new URL(request.url).search}`
  return new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } })
})

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
