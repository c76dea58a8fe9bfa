import { findLogEntry } from '#features/audit/published/data.ts'
import { writeLogEntry } from '#features/audit/published/rules.ts'
import { readPublicTable } from '#features/statistics/published-data.ts'
import { notFound } from '#http/problem.ts'
import { OPEN_DATA, READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { canonicalJson } from '#lib/canonical-json.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/tables/{table}`: the current public table as canonical JSON. The log has its hash within ten minutes. */
export const GET = routeHandler<{ table: string }>(async (_request, { table: name }) => {
  const table = await readPublicTable(name)
  if (table === null) return notFound()
  const entry = await findLogEntry({ table: name })
  return new Response(canonicalJson(table.content), {
    headers: {
      'content-type': 'application/json',
      'cache-control': 'public, max-age=60',
      ...(entry && { 'x-log-entry': writeLogEntry(entry) }),
    },
  })
}, OPEN_DATA)

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
