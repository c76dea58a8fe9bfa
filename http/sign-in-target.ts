import '#server-only'
import type { NextRequest, NextResponse } from 'next/server'
import { safeRedirectPath } from '#lib/access/safe-redirect.ts'
import { findPage, type Located } from '#messages/paths.ts'
import { cookieName, cookieOptions, STAFF_SESSION } from './cookies.ts'

/** Holds the path to which signing in leads, until another page was asked for. */
const ARRIVING = 'antam-arriving'
/** Stands in its place for the one page that says that there is no such page. */
const NOWHERE = '-'
/** Long enough to register a passkey on the way. */
const SECONDS = 600
const LONGEST_PATH = 500

/**
 * Notes where signing in leads. Of a page that the person may not see, or that is none, the answer is "not found": who comes
 * straight from signing in would stand before a locked door, and is led to their own first page instead (proxy.ts).
 */
export function noteArrival(response: NextResponse, to: string | null): void {
  const path = to?.split('?', 1)[0] ?? ''
  const page = path === '' || path.length > LONGEST_PATH ? undefined : findPage(path)
  if (page === undefined || !(page === null || page.pathname.startsWith('/admin'))) return
  keep(response, path)
}

const keep = (response: NextResponse, value: string): void =>
  void response.cookies.set({ name: cookieName(ARRIVING), value, ...cookieOptions(), maxAge: SECONDS })

const arriving = (request: NextRequest): string | undefined =>
  request.cookies.get(cookieName(ARRIVING))?.value

/** Tells whether a page that is not there was asked for by signing in. */
export const arrivesNowhere = (request: NextRequest): boolean => {
  const path = arriving(request)
  return request.method === 'GET' && path !== undefined && path !== NOWHERE
}

/** Lets the next page say that what was asked for is not there. */
export const noteNowhere = (response: NextResponse): void => keep(response, NOWHERE)

/** Keeps the note while the person is on the way, and takes it away where they have arrived. */
export function followArrival(request: NextRequest, response: NextResponse, page: Located): void {
  if (page.pathname.startsWith('/sign-in') && request.cookies.has(cookieName(STAFF_SESSION)))
    noteArrival(response, safeRedirectPath(request.nextUrl.searchParams.get('callbackUrl')))
  const path = arriving(request)
  const onTheWay =
    page.pathname === '/admin' || page.pathname.startsWith('/sign-in') || path === request.nextUrl.pathname
  if (path !== undefined && !onTheWay)
    response.cookies.delete({ name: cookieName(ARRIVING), ...cookieOptions() })
}

/** Tells whether this page is shown in place of one that is not there. */
export const isInstead = (request: NextRequest): boolean => arriving(request) === NOWHERE
