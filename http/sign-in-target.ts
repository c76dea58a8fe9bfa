import '#server-only'
import type { NextRequest, NextResponse } from 'next/server'
import { safeRedirectPath } from '#lib/access/safe-redirect.ts'
import { findPage, type Located } from '#messages/paths.ts'
import { cookieName, cookieOptions, STAFF_SESSION } from './cookies.ts'

/** Keeps the path to open after the sign-in, until another page was requested. */
const COOKIE = 'antam-arriving'
/** Replaces the path in the cookie: the next page says that the target is missing. */
const MISSING = '-'
/** Enough time to register a passkey on the way. */
const SECONDS = 600
const LONGEST_PATH = 500

/**
 * Records the page to open after the sign-in. If the person may not see that page, or it does not exist, proxy.ts leads them to
 * their own first page, because "not found" right after the sign-in would be a dead end.
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

/** Keeps the target while the person signs in, and deletes it on arrival. */
export function followSignInTarget(request: NextRequest, response: NextResponse, page: Located): void {
  if (page.pathname.startsWith('/sign-in') && request.cookies.has(cookieName(STAFF_SESSION)))
    noteSignInTarget(response, safeRedirectPath(request.nextUrl.searchParams.get('callbackUrl')))
  const path = targetOf(request)
  const onTheWay =
    page.pathname === '/admin' || page.pathname.startsWith('/sign-in') || path === request.nextUrl.pathname
  if (path !== undefined && !onTheWay)
    response.cookies.delete({ name: cookieName(COOKIE), ...cookieOptions() })
}

export const showsMissingNotice = (request: NextRequest): boolean => targetOf(request) === MISSING
