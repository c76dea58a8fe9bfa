import { foreignOrigin } from '#app/foreign-origin.ts'
import { pathFor } from '#messages/paths.ts'
import { senderLocale } from '#messages/sender.ts'
import { leaveCase } from '#server/entry/citizen.ts'
import { formPost, seeOther } from '#server/entry/form-post.ts'
import { leaveIdentity, signInName } from '#server/entry/identity.ts'
import { nothingHere } from '../nothing-here.ts'

const mine = (request: Request, query: Readonly<Record<string, string>>): string =>
  pathFor(senderLocale(request), { pathname: '/track/mine', query })

/**
 * `POST /api/citizen/sign-out`: ends the session, and the case that this browser has open. With `everywhere` it ends the
 * same person's sessions in every browser.
 */
export const POST = formPost({
  foreign: (request) => foreignOrigin(senderLocale(request)),
  failed: (request) => seeOther(mine(request, { fault: 'failed' })),
  post: async (request) => {
    if (signInName() === null) return nothingHere()
    const everywhere = new URLSearchParams(await request.text()).has('everywhere')
    await Promise.all([leaveCase(), leaveIdentity(new Date(), everywhere)])
    return seeOther(mine(request, { done: 'signed_out' }))
  },
})
