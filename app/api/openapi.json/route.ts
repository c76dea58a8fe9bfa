import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { DOCUMENT } from './document.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/openapi.json`: the description of this site's interfaces for programs. */
export const GET = routeHandler(() =>
  Response.json(DOCUMENT, { headers: { 'cache-control': 'public, max-age=300' } }),
)

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
