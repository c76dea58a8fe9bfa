import '#server-only'
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { parseCookie, stringifySetCookie } from 'cookie'
import { contentSecurityPolicy } from '#domain/access/content-security-policy.ts'
import { isReadablePath, withoutNul } from '#domain/access/readable-path.ts'
import { RENEWED } from '#domain/renewed.ts'
import { catalogue } from '#messages/catalogue.ts'
import { locate, missingPath, splitLocale } from '#messages/paths.ts'
import type { Locale, Pathname } from '#messages/routing.ts'
import { random } from '#server/platform/crypto.ts'
import { recordPeer } from './address.ts'
import { isServed, neverBare } from './bare-answer.ts'
import { closed } from './closed-answer.ts'
import { cookieName, cookieOptions, isHttps } from './cookies.ts'
import { CSRF_COOKIE, CSRF_HEADER, csrfToken } from './csrf.ts'
import { ENROLMENT_COOKIE, ENROLMENT_HEADER, enrolling } from './enrolment.ts'
import { endOnPage } from './form-answer.ts'
import { dropRest, PAGE_METHODS, refusalOf } from './intake.ts'
import { refusalPage } from './refusal-page.ts'

/** What every answer carries, files and interfaces included. The policy with its nonce is a page's own. */
const onEveryAnswer = () =>
  new Headers({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(self), geolocation=(), microphone=(), payment=(), usb=()',
    ...(isHttps() && { 'strict-transport-security': 'max-age=63072000; includeSubDomains' }),
  })
let everyAnswer: Headers | null = null

/** Open data, which any site's page may read. */
const OPEN_DATA = /^\/api\/v1\/(results|figures)(\/|$)/

/** The secret link: its address goes nowhere. */
const SECRET_LINK = '/k/'

/** A program whose address cannot be read gets a problem (app/api/[...rest]), a person the page for what is missing. */
const MISSING_INTERFACE = '/api/missing'

/**
 * What is no page and passes: route handlers, which check Origin themselves and take longer bodies, and the build's own
 * files.
 */
const PASSES = /^\/(api\/|k\/|\.well-known\/|_next\/static\/)/
/** And what the development server keeps for itself. */
const PASSES_IN_DEVELOPMENT = /^\/(_next\/|__nextjs)/

/** Next leads on to the path with single slashes, whatever it is. */
const REPEATS = /\\|\/\//

/** The files of `public/`. What else is sent to them Next would answer with a bare 500. */
const FILES: ReadonlySet<string> = new Set(['/icon.svg', '/robots.txt', '/kiosk-worker.js'])

const inDevelopment = (): boolean => process.env.NODE_ENV === 'development'

const passes = (path: string): boolean =>
  PASSES.test(path) || (inDevelopment() && PASSES_IN_DEVELOPMENT.test(path))

/**
 * What stands before every page: it tells the page its language, its address and its nonce, and answers by itself what
 * no page is there for. True: on to Next, which finds the page's folder in `request.url`. The web server calls it.
 */
export async function gate(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  recordPeer(request)
  endOnPage(request, response)
  neverBare(request, response)
  closed(request, response)
  everyAnswer ??= onEveryAnswer()
  response.setHeaders(everyAnswer)
  if (OPEN_DATA.test((request.url ?? '').split('?', 1)[0] ?? '')) {
    response.setHeader('cross-origin-resource-policy', 'cross-origin')
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-expose-headers', 'etag')
  }
  if (!isServed(request.method ?? '')) {
    response.writeHead(405, { allow: 'GET, HEAD' }).end()
    return false
  }
  const path = makeReadable(request)
  if (path.startsWith(SECRET_LINK)) response.setHeader('referrer-policy', 'no-referrer')
  if (REPEATS.test(path) || passes(path)) return true
  const url = new URL(request.url ?? '/', 'http://localhost')
  const nonce = random(16).toString('base64')
  const requestId = randomUUID()
  const policy = contentSecurityPolicy({ nonce, https: isHttps(), development: inDevelopment() })
  response.setHeader('content-security-policy', policy)
  response.setHeader('x-request-id', requestId)
  const { locale } = splitLocale(url.pathname)

  const refusal = await refusalOf(request)
  if (refusal !== null) {
    const page = refusalPage(locale, catalogue[locale].errors[refusal.words], nonce)
    await dropRest(request)
    if (refusal.status === 405) response.setHeader('allow', PAGE_METHODS.join(', '))
    response
      .writeHead(refusal.status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
      .end(page)
    return false
  }
  if (FILES.has(url.pathname) && request.method !== 'POST') return true
  if (wantsPageData(request)) {
    response.writeHead(204).end()
    return false
  }
  tell(request, { url, locale, policy, requestId })
  return lead(request, response, url, locale)
}

/** The request's path; one that nobody can read is made that of what is missing. */
function makeReadable(request: IncomingMessage): string {
  request.url = withoutNul(request.url ?? '')
  const [path = ''] = request.url.split('?', 1)
  if (isReadablePath(path)) return path
  request.url = path.startsWith('/api/') ? MISSING_INTERFACE : missingPath(splitLocale(path).locale)
  return request.url
}

/**
 * After an action's redirect Next fetches the next page's data from itself, so that the browser swaps only what lies
 * below the shared layout: the section marked in the header and the language switch would be those of the last page,
 * and no new page is announced. Without that data the browser loads the next page whole, as it does without a script.
 */
const wantsPageData = ({ method, headers }: IncomingMessage): boolean =>
  method === 'GET' && (headers.accept ?? '').includes('text/x-component')

interface Told {
  readonly url: URL
  readonly locale: Locale
  readonly policy: string
  readonly requestId: string
}

/** What we know about a request and nobody outside may say in our place. */
function tell({ headers, method }: IncomingMessage, { url, locale, policy, requestId }: Told): void {
  headers['x-request-id'] = requestId
  // Next reads the nonce for its own scripts from the request's policy.
  headers['content-security-policy'] = policy
  headers['x-next-intl-locale'] = locale
  headers['x-path'] = url.pathname
  headers['x-search'] = url.search
  // Not once the form there has been sent again.
  if (method === 'GET' && url.searchParams.has(RENEWED)) headers['x-renewed'] = '1'
  else delete headers['x-renewed']
  delete headers[CSRF_HEADER]
  delete headers[ENROLMENT_HEADER]
  // Our own check of Origin has passed; Next's second one believes this header, whoever sent it.
  const { origin } = headers
  const host = origin !== undefined && URL.canParse(origin) ? new URL(origin).host : headers.host
  if (host === undefined) delete headers['x-forwarded-host']
  else headers['x-forwarded-host'] = host
}

/** On to the folder of the page that a path means, or to the page that says there is none; true unless it leads away. */
function lead(request: IncomingMessage, response: ServerResponse, url: URL, locale: Locale): boolean {
  const page = locate(url.pathname)
  if (page === null || (page.pathname === '/gallery' && !inDevelopment())) {
    response.statusCode = 404
    request.url = `/${locale}/not-found${url.search}`
    return true
  }
  if (page.canonical !== url.pathname) {
    response.writeHead(307, { location: page.canonical + url.search }).end()
    return false
  }
  request.url = page.folder + url.search
  hand(request, response, page.pathname)
  return true
}

/** Gives two pages what goes with a cookie: a page cannot set one. */
function hand({ headers }: IncomingMessage, response: ServerResponse, page: Pathname): void {
  if (page !== '/sign-in' && page !== '/sign-in/invitation') return
  const cookies = parseCookie(headers.cookie ?? '')
  const keep = (name: string, value: string | null) => {
    if (value === null) return
    response.appendHeader('set-cookie', stringifySetCookie({ name, value, ...cookieOptions() }))
  }
  if (page === '/sign-in') {
    const name = cookieName(CSRF_COOKIE)
    // The sign-in form goes to next-auth, which wants a token that is also in a cookie.
    const { token, cookie } = csrfToken(cookies[name])
    headers[CSRF_HEADER] = token
    keep(name, cookie)
    return
  }
  const name = cookieName(ENROLMENT_COOKIE)
  // An invitation offers a second factor to the browser that opens it.
  const { browser, cookie } = enrolling(cookies[name])
  headers[ENROLMENT_HEADER] = browser
  keep(name, cookie)
}
