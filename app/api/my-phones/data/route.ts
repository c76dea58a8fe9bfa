import { exportPhones } from '#features/phones/registrants/export-acts.ts'
import { seeOther } from '#http/form-post.ts'
import { openedPhones } from '#http/phones.ts'
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
  return new Response(JSON.stringify(data, null, 2), {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': 'attachment; filename="an-tam-may-cua-toi.json"',
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
      'x-robots-tag': 'noindex',
    },
  })
})
