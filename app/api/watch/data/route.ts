import { watchesOf } from '#features/check/watches/data.ts'
import { seeOther } from '#http/form-post.ts'
import { privateFile } from '#http/private-file.ts'
import { routeHandler } from '#http/route-handler.ts'
import { watching } from '#http/watch.ts'
import type { Access } from '#lib/access/access.ts'
import { pathFor } from '#messages/paths.ts'
import { senderLocale } from '#messages/sender.ts'

export const access = 'holder of a watch’s cookie' satisfies Access

/** `GET /api/watch/data`: all data kept of the contact whose code this browser has shown, as JSON. */
export const GET = routeHandler(async (request) => {
  const now = new Date()
  const kept = await watching(now)
  if (!kept?.proven || !kept.asked) return seeOther(pathFor(senderLocale(request), '/check/watch'))
  const { contact } = kept.asked
  const watches = await watchesOf(contact, now)
  const data = { format: 'an-tam/check-watches/1', contact, watches }
  return privateFile('an-tam-check-watches.json', JSON.stringify(data, null, 2))
})
