import { askSignIn } from '#features/accounts/passkeys/acts.ts'
import { clientAddress } from '#http/address.ts'
import { problem } from '#http/problem.ts'
import { POST_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'

export const access = 'anybody' satisfies Access

/** `POST /api/auth/passkey`: the challenge that a browser signs to sign in; it names no account. */
export const POST = routeHandler(async (request) => {
  const now = new Date()
  const { allowed, retryAfterSeconds } = await withinLimit(
    'passkey_address',
    clientAddress(request.headers),
    now,
  )
  if (!allowed)
    return problem(
      { status: 429, code: 'too-many-requests', title: 'Too many sign-ins from this address' },
      { 'retry-after': String(retryAfterSeconds) },
    )
  const asked = await askSignIn(now)
  if (asked === null) return problem({ status: 404, code: 'not-found', title: 'There are no passkeys here' })
  return Response.json(asked, { headers: { 'cache-control': 'no-store' } })
})

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = POST_ONLY
