import { askStepUp } from '#features/accounts/passkeys/acts.ts'
import { problem } from '#http/problem.ts'
import { POST_ONLY, routeHandler } from '#http/route-handler.ts'
import { enrollingStaff, sessionSecret } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'signed in' satisfies Access

/** `POST /api/staff/passkey`: the challenge that the person's passkey signs for an act in this session. */
export const POST = routeHandler(async () => {
  const [staff, token] = await Promise.all([enrollingStaff(), sessionSecret()])
  const asked = staff && token !== null ? await askStepUp(staff, token, new Date()) : null
  if (asked === null) return problem({ status: 404, code: 'not-found', title: 'There is no passkey to ask' })
  return Response.json(asked, { headers: { 'cache-control': 'no-store' } })
})

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = POST_ONLY
