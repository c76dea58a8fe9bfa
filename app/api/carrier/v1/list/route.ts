import { listSequence } from '#features/exchange/lists/data.ts'
import { READ_ONLY } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { carrierEndpoint } from '../../carrier-endpoint.ts'

export const access = 'holder of a carrier’s key' satisfies Access

export const GET = carrierEndpoint(async (carrierId) => {
  const location = `/api/carrier/v1/list/${await listSequence(carrierId)}`
  return new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } })
})

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
