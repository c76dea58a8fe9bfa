import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/health/live`: confirms that the process answers. It does not check dependencies; see ready. */
export const GET = routeHandler(
  () => Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } }),
  { always: true },
)

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
