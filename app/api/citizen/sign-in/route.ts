import { seeOther } from '#http/form-post.ts'
import { beginSignIn } from '#http/identity.ts'
import { routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { isOwnVisit } from '#lib/access/origin.ts'
import { safeRedirectPath } from '#lib/access/safe-redirect.ts'
import { pathFor, splitLocale } from '#messages/paths.ts'
import { nothingHere } from '../nothing-here.ts'

export const access = 'anybody' satisfies Access

/** In characters: the path is stored in a cookie, which holds 4,096. */
const LONGEST_PATH = 500

function wantedOf(request: Request): string | null {
  const wanted = safeRedirectPath(new URL(request.url).searchParams.get('to'))
  return wanted !== null && wanted.length <= LONGEST_PATH ? wanted : null
}

const list = (request: Request, fault?: string): string =>
  pathFor(splitLocale(wantedOf(request) ?? '/').locale, { pathname: '/track/mine', query: { fault } })

/**
 * `GET /api/citizen/sign-in?to=PATH`: redirects to the provider, and afterwards to the page of ours that asked for it. It is a
 * link and not a form, because our content security policy lets no form redirect to another site.
 */
export const GET = routeHandler(
  async (request) => {
    // Another site's page must not send people to the provider.
    if (!isOwnVisit(request.headers.get('sec-fetch-site'))) return seeOther(list(request))
    const begun = await beginSignIn(wantedOf(request) ?? list(request), new Date())
    if (begun === null) return nothingHere()
    return seeOther(begun.ok ? begun.value : list(request, begun.error))
  },
  { failed: (request) => seeOther(list(request, 'failed')) },
)
