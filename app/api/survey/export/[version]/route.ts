import { exportAnswers } from '#features/results/answers-acts.ts'
import { csvFile } from '#http/csv-file.ts'
import { seeOther } from '#http/form-post.ts'
import { notFound } from '#http/problem.ts'
import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import { codeNeed, currentStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { pathFor } from '#messages/paths.ts'

export const access = 'survey:manage' satisfies Access

/** `GET /api/survey/export/{version}`: the counted answers as CSV, streamed, for the survey manager; 404 for others. */
export const GET = routeHandler<{ version: string }>(async (_request, { version }) => {
  const staff = await currentStaff()
  // The page asks for the code, and links back here.
  if (staff && may(staff.role, access) && codeNeed(staff, 'file', new Date()) === 'now') {
    return seeOther(pathFor('vi', '/admin/survey/export'))
  }
  const known = /^[1-9]\d{0,5}$/.test(version)
  const pieces = staff && known ? await exportAnswers(staff, Number(version), new Date()) : null
  if (pieces === null) return notFound()
  return csvFile(`phieu-${version}`, pieces)
})

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
