import { NextRequest, NextResponse } from 'next/server'
import createMiddleware from 'next-intl/middleware'
import { contentSecurityPolicy } from '#domain/access/content-security-policy.ts'
import { RENEWED } from '#domain/renewed.ts'
import { catalogue } from '#messages/catalogue.ts'
import { pageOf, splitLocale } from '#messages/paths.ts'
import { type Locale, type Pathname, routing } from '#messages/routing.ts'
import { cookieName, cookieOptions } from '#server/entry/cookies.ts'
import { CSRF_COOKIE, CSRF_HEADER, csrfToken } from '#server/entry/csrf.ts'
import { ENROLMENT_COOKIE, ENROLMENT_HEADER, enrolling } from '#server/entry/enrolment.ts'
import { refusalOf } from './app/intake.ts'
import { refusalPage } from './app/refusal.ts'

/**
 * next-intl sorts the paths it was given and makes a pattern of each at every request, which took a seventh of a form's
 * time: so each page has a middleware of its own that knows that one page.
 */
const middlewares = new Map<Pathname, ReturnType<typeof createMiddleware>>()

function localise(request: NextRequest, headers: Headers, page: Pathname): NextResponse {
  const known =
    middlewares.get(page) ?? createMiddleware({ ...routing, pathnames: { [page]: routing.pathnames[page] } })
  middlewares.set(page, known)
  return known(new NextRequest(request.url, { headers }))
}

const publicUrl = process.env.PUBLIC_URL
const https = publicUrl?.startsWith('https:') ?? false

/** What we know about a request and nobody outside may say in our place. */
function trustedHeaders(request: NextRequest, policy: string, requestId: string): Headers {
  const headers = new Headers(request.headers)
  headers.set('x-request-id', requestId)
  // Next reads the nonce for its own scripts from the request's policy.
  headers.set('content-security-policy', policy)
  headers.set('x-path', request.nextUrl.pathname)
  headers.set('x-search', request.nextUrl.search)
  // Not once the form there has been sent again.
  if (request.method === 'GET' && request.nextUrl.searchParams.has(RENEWED)) headers.set('x-renewed', '1')
  else headers.delete('x-renewed')
  // Our own check of Origin has passed; Next's second one believes this header, whoever sent it.
  const origin = request.headers.get('origin')
  const host = origin !== null && URL.canParse(origin) ? new URL(origin).host : request.headers.get('host')
  if (host === null) headers.delete('x-forwarded-host')
  else headers.set('x-forwarded-host', host)
  return headers
}

/** The 404 page in the right language, with status 404 and a body that needs no script. */
function notFound(request: NextRequest, headers: Headers, locale: Locale): NextResponse {
  headers.set('x-next-intl-locale', locale)
  const url = new URL(`/${locale}/not-found`, request.url)
  return NextResponse.rewrite(url, { status: 404, request: { headers } })
}

export default async function proxy(request: NextRequest): Promise<NextResponse> {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64')
  const requestId = crypto.randomUUID()
  const policy = contentSecurityPolicy({ nonce, https, development: process.env.NODE_ENV === 'development' })
  const { locale, rest } = splitLocale(request.nextUrl.pathname)

  const refusal = await refusalOf(request, publicUrl)
  const response =
    refusal === null
      ? answer(request, trustedHeaders(request, policy, requestId), locale, rest)
      : new NextResponse(refusalPage(locale, catalogue[locale].errors[refusal.words], nonce), {
          status: refusal.status,
          headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
        })
  response.headers.set('content-security-policy', policy)
  response.headers.set('x-request-id', requestId)
  return response
}

/**
 * After an action's redirect Next fetches the next page's data from itself, so that the browser swaps only what lies
 * below the shared layout: the section marked in the header and the language switch would be those of the last page,
 * and no new page is announced. Without that data the browser loads the next page whole, as it does without a script.
 */
const wantsPageData = (request: NextRequest): boolean =>
  request.method === 'GET' && (request.headers.get('accept') ?? '').includes('text/x-component')

/** The files of `public/`. What else is sent to them Next would answer with a bare 500. */
const FILES: readonly string[] = ['/icon.svg', '/robots.txt']

function answer(request: NextRequest, headers: Headers, locale: Locale, rest: string): NextResponse {
  if (FILES.includes(request.nextUrl.pathname) && request.method !== 'POST') return NextResponse.next()
  if (wantsPageData(request)) return new NextResponse(null, { status: 204 })
  const page = pageOf(rest)
  const hidden = page === '/gallery' && process.env.NODE_ENV === 'production'
  if (page === null || hidden) return notFound(request, headers, locale)
  headers.delete(CSRF_HEADER)
  headers.delete(ENROLMENT_HEADER)
  if (page === '/sign-in') return withCsrfToken(request, headers)
  if (page === '/sign-in/invitation') return withEnrolment(request, headers)
  return localise(request, headers, page)
}

/** The sign-in form goes to next-auth, which wants a token that is also in a cookie; a page cannot set one. */
function withCsrfToken(request: NextRequest, headers: Headers): NextResponse {
  const { token, cookie } = csrfToken(request.cookies.get(cookieName(CSRF_COOKIE))?.value)
  headers.set(CSRF_HEADER, token)
  const response = localise(request, headers, '/sign-in')
  if (cookie !== null) response.cookies.set(cookieName(CSRF_COOKIE), cookie, cookieOptions())
  return response
}

/** An invitation offers a second factor to the browser that opens it, which is known by a cookie. */
function withEnrolment(request: NextRequest, headers: Headers): NextResponse {
  const { browser, cookie } = enrolling(request.cookies.get(cookieName(ENROLMENT_COOKIE))?.value)
  headers.set(ENROLMENT_HEADER, browser)
  const response = localise(request, headers, '/sign-in/invitation')
  if (cookie !== null) response.cookies.set(cookieName(ENROLMENT_COOKIE), cookie, cookieOptions())
  return response
}

export const config = {
  // Route handlers under /api check Origin themselves: a body through here is cut at 10 MB. /k is a handler too, which
  // only reads. The rest are the build's files.
  matcher: ['/((?!api/|k/|\\.well-known/|_next/static/).*)'],
}
