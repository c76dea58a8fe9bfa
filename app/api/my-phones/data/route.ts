import { exportPhones } from '#features/phones/registrants/export-acts.ts'
import { seeOther } from '#http/form-post.ts'
import { openedPhones } from '#http/phones.ts'
import { privateFile } from '#http/private-file.ts'
import { routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { pathFor } from '#messages/paths.ts'
import { senderLocale } from '#messages/sender.ts'

export const access = 'holder of a list of phones’ cookie' satisfies Access

/** `GET /api/my-phones/data`: all data of the phone list that this browser has opened, as JSON. */
export const GET = routeHandler(async (request) => {
  const now = new Date()
  const scope = await openedPhones(now)
  const data = scope && (await exportPhones(scope, now))
  if (!data)
    return seeOther(pathFor(senderLocale(request), { pathname: '/my-phones', query: { done: 'ended' } }))
  return privateFile('an-tam-may-cua-toi.json', JSON.stringify(data, null, 2))
})
