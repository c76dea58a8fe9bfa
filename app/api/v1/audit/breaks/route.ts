import { listPublicBreaks } from '#features/audit/sealing/data.ts'
import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import type { AuditBreaks } from '../schemas.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/audit/breaks`: the signed statements of breaks, where the log was continued after a restore. */
export const GET = routeHandler(async () =>
  Response.json({ breaks: await listPublicBreaks() } satisfies AuditBreaks, {
    headers: { 'cache-control': 'no-store' },
  }),
)

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
