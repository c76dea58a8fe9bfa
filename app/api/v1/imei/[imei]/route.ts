import { checkPhone } from '#features/check/acts.ts'
import { clientAddress } from '#http/address.ts'
import { problem } from '#http/problem.ts'
import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import type { ImeiCheckAnswer } from '../schemas.ts'

export const access = 'anybody' satisfies Access

/** The answer repeats at most this many characters of an invalid number. */
const ECHO = 64
const told = (answer: ImeiCheckAnswer): Response =>
  Response.json(answer, { headers: { 'cache-control': 'no-store' } })

/** `GET /api/v1/imei/{imei}` → `{ imei, valid, result }`; `fault` says why a number is not valid. */
export const GET = routeHandler<{ imei: string }>(async (request, { imei: written }) => {
  const checked = await checkPhone(written, clientAddress(request.headers), new Date())
  if (checked.ok) return told({ imei: checked.value.imei, valid: true, result: checked.value.result })
  const refusal = checked.error
  if (refusal.kind === 'too_often') {
    return problem(
      {
        status: 429,
        code: 'too-many-requests',
        title: 'Too many checks from this address',
        detail: `Try again in ${refusal.retryAfterSeconds} seconds.`,
      },
      { 'retry-after': String(refusal.retryAfterSeconds) },
    )
  }
  return told({ imei: written.slice(0, ECHO), valid: false, result: 'invalid', fault: refusal.fault })
})

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
