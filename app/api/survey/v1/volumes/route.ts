import { z } from 'zod'
import { takeVolumes } from '#features/ratings/volumes/acts.ts'
import { MAX_VOLUMES } from '#features/ratings/volumes/rules.ts'
import { problem } from '#http/problem.ts'
import { POST_ONLY, routeHandler } from '#http/route-handler.ts'
import { oneStopBody } from '#http/signed-body.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'holder of the one-stop system’s secret' satisfies Access

const MOST_BYTES = 4 * 1024 * 1024

const BODY = z.object({
  source: z.string().trim().min(1).max(120),
  rows: z
    .array(
      z.object({
        agency: z.string().max(60),
        month: z.string().max(10),
        procedure: z.string().max(60).optional(),
        cases: z.int().min(0),
      }),
    )
    .min(1)
    .max(MAX_VOLUMES),
})

/**
 * `POST /api/survey/v1/volumes`: the cases that agencies have finished, from the city's one-stop system. Signed over id, time and
 * body (Standard Webhooks). All rows are taken or none; the same again changes nothing.
 */
export const POST = routeHandler(async (request) => {
  const now = new Date()
  const body = await oneStopBody(request, MOST_BYTES, now)
  if (!body.ok) return body.error
  const read = BODY.safeParse(body.value)
  if (!read.success) return problem({ status: 422, code: 'not-volumes', title: 'This is no list of cases' })
  const taken = await takeVolumes(read.data, now)
  if (taken.ok) return Response.json({ changed: taken.value })
  const errors = taken.error.faults
    .slice(0, 20)
    .map(({ line, fault }) => ({ at: `/rows/${line}`, detail: fault }))
  return problem({
    status: 422,
    code: 'faulty-rows',
    title: 'Some rows cannot be taken, so none was',
    errors,
  })
})

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = POST_ONLY
