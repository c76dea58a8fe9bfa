import { methodNotAllowed, routeHandler } from '#http/route-handler.ts'
import { DOCUMENT } from './document.ts'

/** `GET /api/openapi.json`: what programs may ask of this site. */
export const GET = routeHandler(() =>
  Response.json(DOCUMENT, { headers: { 'cache-control': 'public, max-age=300' } }),
)

const refused = methodNotAllowed('GET, HEAD')

export { refused as DELETE, refused as PATCH, refused as POST, refused as PUT }
