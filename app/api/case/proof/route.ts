import { readSubmissionProof } from '#features/audit/proofs/data.ts'
import { citizenCase } from '#http/citizen.ts'
import { notFound } from '#http/problem.ts'
import { proofFile } from '#http/proof-file.ts'
import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'holder of a case’s cookie' satisfies Access

/**
 * `GET /api/case/proof`: the proof that the log has the case which this browser has opened with its secret; `?form=tlog-proof`:
 * in the form of c2sp.org/tlog-proof.
 */
export const GET = routeHandler(async (request) => {
  const visit = await citizenCase(new Date())
  const proof = visit?.access === 'full' ? await readSubmissionProof(visit.caseId) : null
  if (!visit || proof === null) return notFound('Within a minute of sending there is no proof yet.')
  return proofFile(request, `an-tam-${visit.number}-bang-chung`, proof)
})

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
