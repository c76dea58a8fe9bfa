import { seeOther } from '#http/form-post.ts'
import { finishSignIn } from '#http/identity.ts'
import { routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { pathFor, splitLocale } from '#messages/paths.ts'
import { nothingHere } from '../nothing-here.ts'

export const access = 'anybody' satisfies Access

/**
 * `GET /api/citizen/callback`: the provider's redirect after signing in. It works once, and only in the browser that began the
 * sign-in.
 */
export const GET = routeHandler(
  async (request) => {
    const finished = await finishSignIn(request, new Date())
    if (finished === null) return nothingHere()
    const { to, fault } = finished
    if (to !== null && fault === null) return seeOther(to)
    const { locale } = splitLocale(to ?? '/')
    return seeOther(pathFor(locale, { pathname: '/track/mine', query: { fault: fault ?? undefined } }))
  },
  { failed: () => seeOther(pathFor('vi', { pathname: '/track/mine', query: { fault: 'failed' } })) },
)
