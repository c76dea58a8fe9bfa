import { seeOther } from '#http/form-post.ts'
import { signInName } from '#http/identity.ts'
import { routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { pathFor } from '#messages/paths.ts'
import { defaultLocale, isLocale } from '#messages/routing.ts'
import { nothingHere } from '../nothing-here.ts'

export const access = 'anybody' satisfies Access

const mine = (state: string | null, query: Readonly<Record<string, string>>): string =>
  pathFor(state !== null && isLocale(state) ? state : defaultLocale, { pathname: '/track/mine', query })

/**
 * `GET /api/citizen/signed-out`: the provider's redirect after signing out there. Its only input is the language to continue in.
 */
export const GET = routeHandler(
  async (request) => {
    if (signInName() === null) return nothingHere()
    return seeOther(mine(new URL(request.url).searchParams.get('state'), { done: 'signed_out_there' }))
  },
  { failed: () => seeOther(mine(null, { fault: 'failed' })) },
)
