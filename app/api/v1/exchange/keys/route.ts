import { exchangeKeys } from '#features/exchange/queries/signing-key.ts'
import { methodNotAllowed, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/exchange/keys`: what the signatures on carriers' files are checked with (JWK Set, RFC 7517). */
export const GET = routeHandler(async () =>
  Response.json(exchangeKeys(), {
    headers: { 'content-type': 'application/jwk-set+json', 'cache-control': 'no-store' },
  }),
)

const refused = methodNotAllowed('GET, HEAD')

export { refused as DELETE, refused as PATCH, refused as POST, refused as PUT }
