import { randomUUID } from 'node:crypto'
import { type NextRequest, NextResponse } from 'next/server'
import { cookieName, cookieOptions, isHttps } from '#http/cookies.ts'
import { CSRF_COOKIE, csrfCookie } from '#http/csrf.ts'
import { ENROLMENT_COOKIE, enrolmentCookie } from '#http/enrolment.ts'
import { isInstallationSound } from '#http/installation-check.ts'
import {
  isKept,
  KEPT_HEADER,
  KEPT_PATH,
  keptPage,
  ownRequestHeaders,
  readKeptSearch,
  stillPolicy,
} from '#http/kept-pages.ts'
import { currentMaintenance, maintenanceWords } from '#http/maintenance.ts'
import { fromOwnSite } from '#http/origin.ts'
import { PUBLIC_FILES } from '#http/public-files.ts'
import { refusalPage } from '#http/refusal-page.ts'
import {
  followSignInTarget,
  noteMissingTarget,
  showsMissingNotice,
  signInTargetMissing,
} from '#http/sign-in-target.ts'
import { contentSecurityPolicy } from '#lib/access/content-security-policy.ts'
import { isReadablePath, withoutNul } from '#lib/access/readable-path.ts'
import { STALE_FORM } from '#lib/stale-form.ts'
import { catalogue } from '#messages/catalogue.ts'
import { findPage, pathFor, splitLocale } from '#messages/paths.ts'
import type { Locale, Pathname } from '#messages/routing.ts'
import { randomBuffer } from '#platform/crypto.ts'

/**
 * All that can be a page. Under `/api/` there is none, and its handlers take longer bodies than a proxy lets through; they
 * have a wrapper of their own (http/route-handler.ts).
 */
export const config = { matcher: ['/((?!api/|_next/static/).*)'] }

/** Route handlers that are not under `/api/`. */
const HANDLED = /^\/(log\/.+|k\/((browser|invitation)\/)?[^/]+|\.well-known\/security\.txt)$/

/** The largest form of a page in bytes, as in `serverActions.bodySizeLimit` of next.config.js. */
const FORM_LIMIT = 9_000_000

const PAGE_METHODS: readonly string[] = ['GET', 'HEAD', 'POST']

/** Headers by which pages know their request. Each is set here or deleted, even if the client sent it. */
const INTERNAL_HEADERS = [
  ...['x-next-intl-locale', 'x-path', 'x-search', 'x-stale-form', 'x-target-missing', 'x-request-id'],
  KEPT_HEADER,
]

const inDevelopment = (): boolean => process.env.NODE_ENV === 'development'

type Refusal = 'busy' | 'large' | 'maintenance' | 'method' | 'origin'
const STATUS = { busy: 503, maintenance: 503, large: 413, method: 405, origin: 403 } as const

/**
 * Gives every page its policy with a nonce, its language and its folder, and leads from other writings of its address to
 * the one. It makes forms of other sites fail early; what decides is the wrapper of actions (http/action.ts).
 */
export default function proxy(request: NextRequest): NextResponse {
  const { pathname } = request.nextUrl
  if (HANDLED.test(pathname)) return NextResponse.next()
  if (inDevelopment() && /^\/(_next\/|__nextjs)/.test(pathname)) return NextResponse.next()
  const { locale } = splitLocale(pathname)
  const requestId = randomUUID()
  const refusal = refusalOf(request)
  const response = refusal === null ? routeWithPolicy(request, locale, requestId) : refused(refusal, locale)
  response.headers.set('x-request-id', requestId)
  return response
}

/** Routes the request, and gives the answer a policy: with a nonce of its own, where it may have scripts. */
function routeWithPolicy(request: NextRequest, locale: Locale, requestId: string): NextResponse {
  const nonce = randomBuffer(16).toString('base64')
  const policy = contentSecurityPolicy({ nonce, https: isHttps(), development: inDevelopment() })
  const response = route(request, { locale, policy, requestId })
  if (!response.headers.has('content-security-policy'))
    response.headers.set('content-security-policy', policy)
  return response
}

function refusalOf(request: NextRequest): Refusal | null {
  const { method, nextUrl } = request
  if (!PAGE_METHODS.includes(method)) return 'method'
  if (PUBLIC_FILES.has(nextUrl.pathname)) return method === 'POST' ? 'method' : null
  // It says what works, also while nothing else is answered.
  const isStatus = method !== 'POST' && findPage(nextUrl.pathname)?.pathname === '/status'
  if (currentMaintenance() && !isStatus) return 'maintenance'
  if (!isInstallationSound() && !isStatus) return 'busy'
  if (method !== 'POST') return null
  if (!fromOwnSite(request)) return 'origin'
  return Number(request.headers.get('content-length') ?? 0) > FORM_LIMIT ? 'large' : null
}

function refused(refusal: Refusal, locale: Locale): NextResponse {
  const paused = refusal === 'maintenance' ? maintenanceWords(locale) : null
  const { headers, body } = refusalPage(locale, paused?.words ?? catalogue[locale].errors[refusal])
  return new NextResponse(body, {
    status: STATUS[refusal],
    headers: {
      ...headers,
      ...(refusal === 'method' && { allow: PAGE_METHODS.join(', ') }),
      ...(refusal === 'busy' && { 'retry-after': '5' }),
      ...(paused && { 'retry-after': String(paused.seconds) }),
    },
  })
}

interface Context {
  readonly locale: Locale
  readonly policy: string
  readonly requestId: string
}

/** Rewrites to the folder of the page that the path means, or to the page that says there is none. */
function route(request: NextRequest, context: Context): NextResponse {
  const { pathname } = request.nextUrl
  if (PUBLIC_FILES.has(pathname)) return NextResponse.next()
  if (wantsPageData(request))
    return new NextResponse(null, { status: 204, headers: { 'cache-control': 'no-store' } })
  const search = withoutNul(request.nextUrl.search)
  const page = isReadablePath(pathname) ? findPage(pathname) : null
  if (page === null) {
    if (signInTargetMissing(request)) {
      const home = NextResponse.redirect(new URL(pathFor(context.locale, '/admin'), request.url), 303)
      noteMissingTarget(home)
      return home
    }
    const to = new URL(`/${context.locale}/not-found${search}`, request.url)
    return NextResponse.rewrite(to, { status: 404, request: { headers: headersForPage(request, context) } })
  }
  if (page.canonical !== pathname) return NextResponse.redirect(new URL(page.canonical + search, request.url))
  const kept = keptPage(page.pathname)
  const read = kept === null || request.method === 'POST' ? search : readKeptSearch(kept, search)
  const cookie = cookieOf(request, page.pathname)
  // Before the headers are copied: the page finds it there already.
  if (cookie) request.cookies.set(cookie.name, cookie.value)
  const headers = headersForPage(request, context)
  headers.set('x-search', read)
  const asked = { method: request.method, headers: request.headers, path: pathname, search: read }
  // In development pages follow the source, which changes without a stamp, and need the scripts that show it.
  if (kept !== null && !inDevelopment() && isKept(kept, asked)) {
    for (const [name, value] of Object.entries(ownRequestHeaders())) headers.set(name, value)
    const response = NextResponse.rewrite(new URL(KEPT_PATH, request.url), { request: { headers } })
    response.headers.set('content-security-policy', stillPolicy())
    return response
  }
  const response = NextResponse.rewrite(new URL(page.folder + read, request.url), { request: { headers } })
  if (cookie) response.cookies.set({ ...cookie, ...cookieOptions() })
  followSignInTarget(request, response, page)
  return response
}

/**
 * Tells whether Next asks for a page's data. It fetches that from itself after an action's redirect, so that
 * the browser swaps only what lies below the shared layout. Without that data the browser loads the next page
 * whole, as it does without a script (ADR 57).
 */
const wantsPageData = ({ method, headers }: NextRequest): boolean =>
  method === 'GET' && (headers.get('accept') ?? '').includes('text/x-component')

/** Returns the request's headers with the internal ones; what a client wrote in their place is gone. */
function headersForPage(request: NextRequest, { locale, policy, requestId }: Context): Headers {
  const { nextUrl, method } = request
  const headers = new Headers(request.headers)
  for (const name of INTERNAL_HEADERS) headers.delete(name)
  headers.set('x-request-id', requestId)
  // Next puts the nonce of this policy on its own scripts.
  headers.set('content-security-policy', policy)
  headers.set('x-next-intl-locale', locale)
  headers.set('x-path', nextUrl.pathname)
  headers.set('x-search', withoutNul(nextUrl.search))
  // Not once the form there has been sent again.
  if (method === 'GET' && nextUrl.searchParams.has(STALE_FORM)) headers.set('x-stale-form', '1')
  if (showsMissingNotice(request)) headers.set('x-target-missing', '1')
  // Origin was checked above; Next's own check believes this header, which a client can send as well.
  const origin = headers.get('origin')
  const host = origin !== null && URL.canParse(origin) ? new URL(origin).host : headers.get('host')
  if (host === null) headers.delete('x-forwarded-host')
  else headers.set('x-forwarded-host', host)
  return headers
}

/** Returns the cookie that two pages need before they are shown, where the browser has none: a page cannot set one. */
function cookieOf(request: NextRequest, page: Pathname): { name: string; value: string } | null {
  if (page !== '/sign-in' && page !== '/sign-in/invitation') return null
  const name = cookieName(page === '/sign-in' ? CSRF_COOKIE : ENROLMENT_COOKIE)
  const sent = request.cookies.get(name)?.value
  const value = page === '/sign-in' ? csrfCookie(sent) : enrolmentCookie(sent)
  return value === sent ? null : { name, value }
}
