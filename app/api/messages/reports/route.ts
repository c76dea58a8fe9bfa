import { z } from 'zod'
import { takeReports } from '#features/notices/acts.ts'
import { POST_ONLY, routeHandler } from '#http/route-handler.ts'
import { signedBody } from '#http/signed-body.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'holder of the SMS gateway’s secret' satisfies Access

const REPORTS = z.object({
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
 * `POST /api/messages/reports`: delivery reports of SMS from their gateway. Signed over id, time and body (Standard Webhooks); a
 * repeated report changes nothing.
 */
export const POST = routeHandler(async (request) => {
  const now = new Date()
  const body = await signedBody(
    request,
    // Enough for a hundred reports.
    { schema: REPORTS, mostBytes: 64 * 1024, secret: 'SMS_REPORT_SECRET' },
    now,
  )
  if (!body.ok) return body.error
  const reports = body.value.reports.map(({ id, status, code }) => ({
    id,
    way: 'sms' as const,
    delivery: status,
    ...(code !== undefined && { code }),
  }))
  return Response.json({ news: await takeReports(reports, now) })
})

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = POST_ONLY
