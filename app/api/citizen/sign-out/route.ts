import { endCaseVisit } from '#http/citizen.ts'
import { formPost, seeOther } from '#http/form-post.ts'
import { endCitizenSession, providerSignOut, signInName } from '#http/identity.ts'
import { routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { isOwnVisit } from '#lib/access/origin.ts'
import { pathFor } from '#messages/paths.ts'
import { senderLocale } from '#messages/sender.ts'
import { nothingHere } from '../nothing-here.ts'

export const access = 'anybody' satisfies Access

const mine = (request: Request, query: Readonly<Record<string, string>>): string =>
  pathFor(senderLocale(request), { pathname: '/track/mine', query })

/**
 * `POST /api/citizen/sign-out`: ends the session, and the visit to the case that this browser has open. With `everywhere` it ends
 * the person's sessions in every browser.
 */
export const POST = formPost({
  failed: (request) => seeOther(mine(request, { fault: 'failed' })),
  post: async (request) => {
    if (signInName() === null) return nothingHere()
    const everywhere = new URLSearchParams(await request.text()).has('everywhere')
    await Promise.all([endCaseVisit(), endCitizenSession(new Date(), everywhere)])
    return seeOther(mine(request, { done: 'signed_out' }))
  },
})

/**
 * `GET /api/citizen/sign-out`: redirects to the provider, to end the provider's own session. It is a link and not a form, like
 * the sign-in. It ends nothing here, so following it by mistake does no harm.
 */
export const GET = routeHandler(
  async (request) => {
    if (signInName() === null) return nothingHere()
    const to = isOwnVisit(request.headers.get('sec-fetch-site'))
      ? await providerSignOut(senderLocale(request))
      : null
    return seeOther(to ?? mine(request, {}))
  },
  { failed: (request) => seeOther(mine(request, { fault: 'failed' })) },
)
