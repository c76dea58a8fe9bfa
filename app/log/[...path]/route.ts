import { readLogFile } from '#features/audit/publishing/acts.ts'
import { notFound } from '#http/problem.ts'
import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'anybody' satisfies Access

/**
 * `GET /log/checkpoint`, `/log/tile/{L}/{N}[.p/{W}]`, `/log/tile/entries/{N}[.p/{W}]`, `/log/policy/{year}.txt`: the audit log as
 * files (c2sp.org/tlog-tiles), public and without a rate limit. Any web server can serve the same files from the store.
 */
export const GET = routeHandler<{ path: string[] }>(async (_request, { path }) => {
  const named = path.join('/').replace(/^entries\//, 'tile/entries/')
  const file = await readLogFile(named)
  if (!file) return notFound('The log has no such file.')
  return new Response(Buffer.from(file.bytes), {
    headers: { ...file.headers, 'access-control-allow-origin': '*' },
  })
})

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
