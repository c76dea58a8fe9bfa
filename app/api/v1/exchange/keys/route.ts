import { exchangeKeys } from '#features/exchange/lists/data.ts'
import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/exchange/keys`: the public keys for the signatures on carriers' files (JWK Set, RFC 7517). */
export const GET = routeHandler(async () =>
  Response.json(exchangeKeys(), {
    headers: { 'content-type': 'application/jwk-set+json', 'cache-control': 'no-store' },
  }),
)

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
