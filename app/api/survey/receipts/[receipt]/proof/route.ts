import { parseReceiptNumber } from '#features/ratings/rating/rules.ts'
import { proveReceipt } from '#features/ratings/receipts/data.ts'
import { clientAddress } from '#http/address.ts'
import { privateFile } from '#http/private-file.ts'
import { notFound, problem } from '#http/problem.ts'
import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'

export const access = 'anybody' satisfies Access

/**
 * `GET /api/survey/receipts/{receipt}/proof`: the proof that a receipt belongs to its month, once the month is over. It reveals
 * no answer.
 */
export const GET = routeHandler<{ receipt: string }>(async (request, { receipt }) => {
  const number = parseReceiptNumber(receipt)
  if (number === null) return notFound()
  const limit = await withinLimit('verify_address', clientAddress(request.headers), new Date())
  if (!limit.allowed)
    return problem(
      { status: 429, code: 'too-many-requests', title: 'Too many receipts for this address' },
      { 'retry-after': String(limit.retryAfterSeconds) },
    )
  const proof = await proveReceipt(number)
  if (proof === null) return notFound()
  if (proof === 'month')
    return notFound(
      'The month of this receipt is not in the log yet: it is from the first day of the next one.',
    )
  if (proof === 'before') return notFound('This receipt was given before there were proofs.')
  return privateFile(`an-tam-${number}-bang-chung.json`, JSON.stringify(proof))
})

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
