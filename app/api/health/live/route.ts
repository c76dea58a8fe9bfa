import { methodNotAllowed, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/health/live`: the process answers. Says nothing about what it depends on; see ready. */
export const GET = routeHandler(
  () => Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } }),
  { always: true },
)

const refused = methodNotAllowed('GET, HEAD')

export { refused as DELETE, refused as PATCH, refused as POST, refused as PUT }
