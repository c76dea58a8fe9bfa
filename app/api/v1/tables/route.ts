import { listTables } from '#features/audit/published/data.ts'
import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import type { TablesAnswer } from './schemas.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/tables`: every public table with the hash under which the log has it. */
export const GET = routeHandler(async () => {
  const tables = (await listTables()).map(({ at, ...table }) => ({ ...table, at: at.toISOString() }))
  return Response.json({ tables } satisfies TablesAnswer, {
    headers: { 'cache-control': 'public, max-age=60' },
  })
})

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
