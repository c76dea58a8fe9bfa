import { z } from 'zod'
import { takeReports } from '#features/notices/acts.ts'
import { problem } from '#http/problem.ts'
import { POST_ONLY, routeHandler } from '#http/route-handler.ts'
import { gatewayBody } from '#http/signed-body.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'holder of the SMS gateway’s secret' satisfies Access

/** A hundred reports with room to spare. */
const MOST_BYTES = 64 * 1024

const BODY = z.object({
  reports: z
    .array(
      z.object({
        id: z.uuid(),
        status: z.enum(['delivered', 'undelivered']),
        code: z
          .string()
          .regex(/^[\w.-]{1,30}$/)
          .optional(),
      }),
    )
    .min(1)
    .max(100),
})

/**
 * `POST /api/messages/reports`: delivery reports of SMS, from the gateway that took them. Signed over id, time and body
 * (Standard Webhooks); the same report again changes nothing.
 */
export const POST = routeHandler(async (request) => {
  const now = new Date()
  const body = await gatewayBody(request, MOST_BYTES, now)
  if (!body.ok) return body.error
  const read = BODY.safeParse(body.value)
  if (!read.success) return problem({ status: 422, code: 'not-reports', title: 'This is no list of reports' })
  const reports = read.data.reports.map(({ id, status, code }) => ({
    id,
    way: 'sms' as const,
    delivery: status,
    ...(code !== undefined && { code }),
  }))
  return Response.json({ news: await takeReports(reports, now) })
})

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = POST_ONLY
