import { methodNotAllowed } from '#server/entry/api.ts'

export const dynamic = 'force-dynamic'

/** `GET /api/health/live`: the process answers. Says nothing about what it depends on; see ready. */
export function GET(): Response {
  return Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } })
}

const refused = methodNotAllowed('GET, HEAD')

export { refused as DELETE, refused as PATCH, refused as POST, refused as PUT }
