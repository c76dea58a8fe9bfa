import { keepInvitationSecret } from '#http/invitation.ts'
import { routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { pathFor } from '#messages/paths.ts'
import { senderLocale } from '#messages/sender.ts'

export const access = 'anybody' satisfies Access

/**
 * `GET /k/invitation/<secret>`: the link in an invitation's email. It moves the secret into a cookie and redirects to an address
 * without it. It looks nothing up and uses nothing up, so a mail scanner that follows it does no harm.
 */
export const GET = routeHandler<{ secret: string }>(async (request, params) => {
  await keepInvitationSecret(params.secret)
  return new Response(null, {
    status: 303,
    headers: {
      location: pathFor(senderLocale(request), '/sign-in/invitation'),
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
    },
  })
})
