import { parseCaseNumber } from '#domain/case/number.ts'
import { proofOfSubmission } from '#server/audit/loaders/proofs.ts'
import { receiptCookies } from '#server/entry/draft.ts'
import { jsonFile } from '#server/entry/json-file.ts'
import { notFound } from '#server/entry/problem.ts'
import { methodNotAllowed, routeHandler } from '#server/entry/route-handler.ts'
import { receiptOf } from '#server/reports/loaders.ts'

/**
 * `GET /api/receipt/{number}/proof`: what proves that the case was entered, for the browser that sent the report and for
 * 24 hours.
 */
export const GET = routeHandler<{ number: string }>(async (_request, { number: written }) => {
  const number = parseCaseNumber(written)
  const receipt = number.ok ? await receiptOf(number.value, await receiptCookies(), new Date()) : null
  const proof = receipt && (await proofOfSubmission(receipt.id))
  if (receipt === null || proof === null) return notFound('Within a minute of sending there is no proof yet.')
  return jsonFile(`an-tam-${receipt.number}-bang-chung`, proof)
})

const refused = methodNotAllowed('GET, HEAD')

export { refused as DELETE, refused as PATCH, refused as POST, refused as PUT }
