import '#server-only'
import type { NextRequest, NextResponse } from 'next/server'
import { safeRedirectPath } from '#lib/access/safe-redirect.ts'
import { findPage, type Located } from '#messages/paths.ts'
import { cookieName, cookieOptions, STAFF_SESSION } from './cookies.ts'

/** Holds the path to which signing in leads, until another page was asked for. */
const COOKIE = 'antam-arriving'
/** Stands in the cookie in place of a path: the next page says that the target is missing. */
const MISSING = '-'
/** Long enough to register a passkey on the way. */
const SECONDS = 600
const LONGEST_PATH = 500

/**
 * Notes where signing in leads. Of a page that the person may not see, or that is none, the answer is "not found": who comes
 * straight from signing in would stand before a locked door, and is led to their own first page instead (proxy.ts).
 */
export function noteSignInTarget(response: NextResponse, to: string | null): void {
  const path = to?.split('?', 1)[0] ?? ''
  const page = path === '' || path.length > LONGEST_PATH ? undefined : findPage(path)
  if (page === undefined || !(page === null || page.pathname.startsWith('/admin'))) return
  keep(response, path)
}

const keep = (response: NextResponse, value: string): void =>
  void response.cookies.set({ name: cookieName(COOKIE), value, ...cookieOptions(), maxAge: SECONDS })

const targetOf = (request: NextRequest): string | undefined => request.cookies.get(cookieName(COOKIE))?.value

export const signInTargetMissing = (request: NextRequest): boolean => {
  const path = targetOf(request)
  return request.method === 'GET' && path !== undefined && path !== MISSING
}

export const noteMissingTarget = (response: NextResponse): void => keep(response, MISSING)

/** Keeps the target while the person is on the way to it, and forgets it where they have arrived. */
export function followSignInTarget(request: NextRequest, response: NextResponse, page: Located): void {
  if (page.pathname.startsWith('/sign-in') && request.cookies.has(cookieName(STAFF_SESSION)))
    noteSignInTarget(response, safeRedirectPath(request.nextUrl.searchParams.get('callbackUrl')))
  const path = targetOf(request)
  const onTheWay =
    page.pathname === '/admin' || page.pathname.startsWith('/sign-in') || path === request.nextUrl.pathname
  if (path !== undefined && !onTheWay)
    response.cookies.delete({ name: cookieName(COOKIE), ...cookieOptions() })
}

/** Tells whether this page is shown in place of a missing target, and says so. */
export const showsMissingNotice = (request: NextRequest): boolean => targetOf(request) === MISSING
