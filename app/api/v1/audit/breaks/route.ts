import { publicBreaks } from '#features/audit/queries/breaks.ts'
import { methodNotAllowed, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import type { AuditBreaks } from '../schemas.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/audit/breaks`: where the log was gone on with after a restore, as it was stated and signed. */
export const GET = routeHandler(async () =>
  Response.json({ breaks: await publicBreaks() } satisfies AuditBreaks, {
    headers: { 'cache-control': 'no-store' },
  }),
)

const refused = methodNotAllowed('GET, HEAD')

export { refused as DELETE, refused as PATCH, refused as POST, refused as PUT }
