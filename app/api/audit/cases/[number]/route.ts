import { stepUpNeed } from '#domain/access/step-up.ts'
import { pathFor } from '#messages/paths.ts'
import { takeStory } from '#server/audit/commands/take-proof.ts'
import { caseIdOf } from '#server/cases/loaders/record.ts'
import { seeOther } from '#server/entry/form-post.ts'
import { jsonFile } from '#server/entry/json-file.ts'
import { notFound } from '#server/entry/problem.ts'
import { methodNotAllowed, routeHandler } from '#server/entry/route-handler.ts'
import { currentStaff } from '#server/entry/session.ts'

/** `GET /api/audit/cases/{number}`: all that the log says of a case with its proofs, for an auditor; audited. */
export const GET = routeHandler<{ number: string }>(async (_request, { number: written }) => {
  const [staff, now] = [await currentStaff(), new Date()]
  const found = staff && (await caseIdOf(staff, decodeURIComponent(written)))
  if (!staff || !found) return notFound()
  const { id, number } = found
  // The page asks for the code, says where nothing is sealed yet, and leads back here.
  const due = stepUpNeed(staff.steppedUpAt, now) === 'now'
  const story = due ? null : await takeStory(staff, id, now)
  if (story === null)
    return seeOther(pathFor('vi', { pathname: '/admin/audit/cases/[number]', params: { number } }))
  return jsonFile(`an-tam-${number}-nhat-ky`, story)
})

const refused = methodNotAllowed('GET, HEAD')

export { refused as DELETE, refused as PATCH, refused as POST, refused as PUT }
