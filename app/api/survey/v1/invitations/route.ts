import { z } from 'zod'
import { takeCases } from '#features/ratings/invitations/acts.ts'
import { MAX_CASES } from '#features/ratings/invitations/rules.ts'
import { problem } from '#http/problem.ts'
import { POST_ONLY, routeHandler } from '#http/route-handler.ts'
import { oneStopBody } from '#http/signed-body.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'holder of the one-stop system’s secret' satisfies Access

const MOST_BYTES = 4 * 1024 * 1024

const BODY = z.object({
  id: z.uuid(),
  agency: z.string().max(60),
  month: z.string().max(10),
  source: z.string().trim().min(1).max(120),
  cases: z
    .array(
      z.object({
        procedure: z.string().max(60).default(''),
        contact: z.string().max(254).default(''),
        reference: z.string().max(40).default(''),
      }),
    )
    .min(1)
    .max(MAX_CASES),
})

/**
 * `POST /api/survey/v1/invitations`: the cases that an agency has finished in a month, of which two survey managers may draw people
 * to invite. Signed over id, time and body (Standard Webhooks). All rows are taken or none; the same `id` again is the same list.
 */
export const POST = routeHandler(async (request) => {
  const now = new Date()
  const body = await oneStopBody(request, MOST_BYTES, now)
  if (!body.ok) return body.error
  const read = BODY.safeParse(body.value)
  if (!read.success) return problem({ status: 422, code: 'not-a-list', title: 'This is no list of cases' })
  const { id: submitKey, cases: rows, ...list } = read.data
  const taken = await takeCases({ ...list, submitKey, rows }, now)
  if (taken.ok) return Response.json({ list: taken.value })
  const { error } = taken
  if (error.kind !== 'rows')
    return problem({
      ...{ status: error.kind === 'listed' ? 409 : 422, code: 'refused', title: 'The list cannot be taken' },
      detail: error.kind,
    })
  const errors = error.faults.slice(0, 20).map(({ line, fault }) => ({ at: `/cases/${line}`, detail: fault }))
  const title = 'Some rows cannot be taken, so none was'
  return problem({ status: 422, code: 'faulty-rows', title, errors })
})

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = POST_ONLY
