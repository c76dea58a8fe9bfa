import { listTables } from '#features/audit/published/data.ts'
import { listRoots } from '#features/ratings/receipts/data.ts'
import { OPEN_DATA, READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import type { TablesAnswer } from './schemas.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/tables`: every public table with its hash in the log. */
export const GET = routeHandler(async () => {
  const [listed, roots] = await Promise.all([listTables(), listRoots()])
  const tables = listed.map(({ at, ...table }) => ({ ...table, at: at.toISOString() }))
  const receipts = roots.map(({ publishedAt, ...root }) => ({ ...root, at: publishedAt.toISOString() }))
  return Response.json({ tables, receipts } satisfies TablesAnswer, {
    headers: { 'cache-control': 'public, max-age=60' },
  })
}, OPEN_DATA)

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
