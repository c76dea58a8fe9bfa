import { methodNotAllowed, routeHandler } from '#http/route-handler.ts'

/** `GET /api/health/live`: the process answers. Says nothing about what it depends on; see ready. */
export const GET = routeHandler(
  () => Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } }),
  { always: true },
)

const refused = methodNotAllowed('GET, HEAD')

export { refused as DELETE, refused as PATCH, refused as POST, refused as PUT }
