import { takeStory } from '#features/audit/proofs/acts.ts'
import { findCaseId } from '#features/cases/record/page-data.ts'
import { seeOther } from '#http/form-post.ts'
import { privateFile } from '#http/private-file.ts'
import { notFound } from '#http/problem.ts'
import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import { codeNeed, currentStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { pathFor } from '#messages/paths.ts'

export const access = 'audit:read' satisfies Access

/** `GET /api/audit/cases/{number}`: all audit log entries about a case with their proofs, for an auditor; audited. */
export const GET = routeHandler<{ number: string }>(async (_request, { number: written }) => {
  const [staff, now] = [await currentStaff(), new Date()]
  const found = staff && (await findCaseId(staff, decodeURIComponent(written)))
  if (!staff || !found) return notFound()
  const { id, number } = found
  // The page asks for the code, explains when nothing is sealed yet, and links back here.
  const due = codeNeed(staff, 'file', now) === 'now'
  const story = due ? null : await takeStory(staff, id, now)
  if (story === null)
    return seeOther(pathFor('vi', { pathname: '/admin/audit/cases/[number]', params: { number } }))
  return privateFile(`an-tam-${number}-nhat-ky.json`, JSON.stringify(story))
})

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
