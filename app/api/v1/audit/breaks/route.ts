import { publicBreaks } from '#server/audit/loaders/breaks.ts'
import { apiHandler, methodNotAllowed } from '#server/entry/api.ts'
import type { AuditBreaks } from '../schemas.ts'

export const dynamic = 'force-dynamic'

/** `GET /api/v1/audit/breaks`: where the log was gone on with after a restore, as it was stated and signed. */
export const GET = apiHandler(async () =>
  Response.json({ breaks: await publicBreaks() } satisfies AuditBreaks, {
    headers: { 'cache-control': 'no-store' },
  }),
)

const refused = methodNotAllowed('GET, HEAD')

export { refused as DELETE, refused as PATCH, refused as POST, refused as PUT }
