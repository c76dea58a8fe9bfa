import { provePublished, readPublished } from '#features/audit/published/data.ts'
import { readFigureFile } from '#features/audit/published/rules.ts'
import { readReportByHash } from '#features/city-report/page-data.ts'
import { goneProblem, notFound } from '#http/problem.ts'
import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'anybody' satisfies Access

/**
 * `GET /log/figures/{file}`: what was published under a hash, byte for byte, permanently; with `.proof` before its ending, the
 * proof that the log has the entry which published it.
 */
export const GET = routeHandler<{ file: string }>(async (_request, { file }) => {
  const asked = readFigureFile(file)
  if (asked === null) return notFound()
  if (asked.proof) {
    const proof = await provePublished(asked.sha256)
    return proof ? Response.json(proof, { headers: { 'cache-control': 'no-store' } }) : notFound()
  }
  const content = (await readPublished(asked.sha256)) ?? (await readReportByHash(asked.sha256))
  if (content === 'withdrawn')
    return goneProblem('This report was withdrawn; the page of results says when and why')
  if (content === null) return notFound()
  return new Response(content, {
    headers: {
      'content-type': 'application/json',
      'cache-control': 'public, max-age=31536000, immutable',
      etag: `"${asked.sha256}"`,
    },
  })
})

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
