import { readBrowserLink } from '#features/accounts/sign-in/acts.ts'
import { routeHandler } from '#http/route-handler.ts'
import { keepDevice } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { pathFor } from '#messages/paths.ts'
import { senderLocale } from '#messages/sender.ts'

export const access = 'anybody' satisfies Access

/**
 * `GET /k/browser/<token>`: the mailed link for a person who signs in from a new browser while attackers guess at the account.
 * From then on this browser's attempts are counted separately; signing in still takes password and code.
 */
export const GET = routeHandler<{ token: string }>(async (request, params) => {
  const cookie = await readBrowserLink(params.token, new Date())
  if (cookie !== null) await keepDevice(cookie)
  const query = cookie === null ? { error: 'link_gone' } : { known: '1' }
  return new Response(null, {
    status: 303,
    headers: {
      location: pathFor(senderLocale(request), { pathname: '/sign-in', query }),
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
    },
  })
})
