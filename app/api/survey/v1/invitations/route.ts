import { takeCases } from '#features/ratings/invitations/acts.ts'
import { casesSchema } from '#features/ratings/invitations/rules.ts'
import { faultyRows, problem } from '#http/problem.ts'
import { POST_ONLY, routeHandler } from '#http/route-handler.ts'
import { signedBody } from '#http/signed-body.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'holder of the one-stop system’s secret' satisfies Access

const BODY = { schema: casesSchema, mostBytes: 4 * 1024 * 1024, secret: 'VOLUMES_SECRET' } as const

/**
 * `POST /api/survey/v1/invitations`: an agency's finished cases of a month, from which two survey managers may draw people to
 * invite.
 */
export const POST = routeHandler(async (request) => {
  const now = new Date()
  const body = await signedBody(request, BODY, now)
  if (!body.ok) return body.error
  const taken = await takeCases(body.value, now)
  if (taken.ok) return Response.json({ list: taken.value })
  const { error } = taken
  if (error.kind === 'rows') return faultyRows('cases', error.faults)
  return problem({
    ...{ status: error.kind === 'listed' ? 409 : 422, code: 'refused', title: 'The list cannot be taken' },
    detail: error.kind,
  })
})

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = POST_ONLY
