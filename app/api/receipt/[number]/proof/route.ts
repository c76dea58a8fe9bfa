import { readSubmissionProof } from '#features/audit/proofs/data.ts'
import { parseCaseNumber } from '#features/cases/numbers/rules.ts'
import { receiptOf } from '#features/reporting/drafts/page-data.ts'
import { receiptCookies } from '#http/draft.ts'
import { notFound } from '#http/problem.ts'
import { proofFile } from '#http/proof-file.ts'
import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'holder of a receipt’s cookie' satisfies Access

/**
 * `GET /api/receipt/{number}/proof`: the proof that the log has the case, for 24 hours in the browser that sent the report.
 * `?form=tlog-proof`: in the form of c2sp.org/tlog-proof.
 */
export const GET = routeHandler<{ number: string }>(async (request, { number: written }) => {
  const number = parseCaseNumber(written)
  const receipt = number.ok ? await receiptOf(number.value, await receiptCookies(), new Date()) : null
  const proof = receipt && (await readSubmissionProof(receipt.id))
  if (receipt === null || proof === null) return notFound('Within a minute of sending there is no proof yet.')
  return proofFile(request, `an-tam-${receipt.number}-bang-chung`, proof)
})

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
