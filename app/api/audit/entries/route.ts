import { readAuditQuery } from '#app/[locale]/admin/audit/query.ts'
import { namesOf } from '#features/accounts/data.ts'
import { takeList } from '#features/audit/entries/acts.ts'
import { csvFile } from '#http/csv-file.ts'
import { seeOther } from '#http/form-post.ts'
import { notFound } from '#http/problem.ts'
import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import { codeNeed, currentStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { localDate } from '#lib/time.ts'
import { pathFor } from '#messages/paths.ts'

export const access = 'audit:read' satisfies Access

/** `GET /api/audit/entries`: the log's entries of a range of days as CSV for an auditor, with the filter of its page; audited. */
export const GET = routeHandler(async (request) => {
  const [staff, now] = [await currentStaff(), new Date()]
  if (!staff || !may(staff.role, access)) return notFound()
  const { filter, asked } = readAuditQuery(Object.fromEntries(new URL(request.url).searchParams))
  const { between, ...also } = filter
  // The page asks for the code and the days, and links back here.
  if (!between || codeNeed(staff, 'file', now) === 'now')
    return seeOther(pathFor('vi', { pathname: '/admin/audit', query: asked }))
  const pieces = await takeList(staff, { ...also, between }, namesOf, now)
  return pieces === null ? notFound() : csvFile(`nhat-ky-${localDate(between[0])}`, pieces)
})

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
