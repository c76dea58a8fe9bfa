import { placeOfEntry, proveConsistency, proveInclusion } from '#features/audit/proofs/data.ts'
import { listShownBreaks } from '#features/audit/sealing/data.ts'
import { clientAddress } from '#http/address.ts'
import { badParameters, notFound, problem } from '#http/problem.ts'
import { queryOf } from '#http/query.ts'
import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'
import { type AuditProof, type ProofQuery, proofQuerySchema } from '../schemas.ts'

export const access = 'anybody' satisfies Access

/**
 * `GET /api/v1/audit/proof?from=SIZE`: the proof that the log of SIZE entries is the beginning of today's; `?index=N`: the proof
 * of place N; `?entry=ID`: the proof of the entry with that number, with its hash. It contains only hashes, which reveal no
 * content, and the number of stated breaks. No proof spans a break.
 */
export const GET = routeHandler(async (request) => {
  const now = new Date()
  const limit = await withinLimit('audit_address', clientAddress(request.headers), now)
  if (!limit.allowed)
    return problem(
      { status: 429, code: 'too-many-requests', title: 'Too many proofs for this address' },
      { 'retry-after': String(limit.retryAfterSeconds) },
    )
  const asked = proofQuerySchema.safeParse(queryOf(request))
  if (!asked.success) return badParameters(asked.error)
  const found = await answer(asked.data)
  if (found === null) return notFound('The log has no such place yet.')
  const breaks = (await listShownBreaks()).length
  return Response.json({ ...found, breaks } satisfies AuditProof, {
    headers: { 'cache-control': 'no-store' },
  })
})

function answer(asked: ProofQuery) {
  if ('from' in asked) return proveConsistency(asked.from)
  return 'index' in asked ? proveInclusion(asked.index) : placeOfEntry(asked.entry)
}

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
