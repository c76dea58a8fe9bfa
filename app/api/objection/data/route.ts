import { exportObjection } from '#features/disputes/objections/export-acts.ts'
import { seeOther } from '#http/form-post.ts'
import { openObjection } from '#http/objection.ts'
import { privateFile } from '#http/private-file.ts'
import { routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { pathFor } from '#messages/paths.ts'
import { senderLocale } from '#messages/sender.ts'

export const access = 'holder of an objection’s cookie' satisfies Access

/** `GET /api/objection/data`: all data of the objection that this browser has opened with its secret, as JSON. */
export const GET = routeHandler(async (request) => {
  const now = new Date()
  const visit = await openObjection(now)
  const data = visit && (await exportObjection(visit.scope, visit.id, now))
  if (!data) {
    const query = { fault: 'session_ended' }
    return seeOther(pathFor(senderLocale(request), { pathname: '/blocked/follow', query }))
  }
  return privateFile(`an-tam-${data.objection.number}.json`, JSON.stringify(data, null, 2))
})
