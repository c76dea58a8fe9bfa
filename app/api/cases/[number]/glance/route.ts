import { glanceIn } from '#features/cases/queue/glance-words.tsx'
import { readGlance } from '#features/cases/queue/page-data.ts'
import { notFound } from '#http/problem.ts'
import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import { currentStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { senderLocale } from '#messages/sender.ts'

export const access = 'case:read' satisfies Access

/**
 * `GET /api/cases/{number}/glance`: the summary of a case that the queue shows beside its list; of sealed data only what the
 * case's row has.
 */
export const GET = routeHandler<{ number: string }>(async (request, { number }) => {
  const staff = await currentStaff()
  if (!staff || !may(staff.role, access)) return notFound()
  const now = new Date()
  const glance = await readGlance(staff, number, now)
  if (glance === null) return notFound()
  return Response.json(await glanceIn(senderLocale(request), glance, now), {
    headers: { 'cache-control': 'private, no-store' },
  })
})

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
