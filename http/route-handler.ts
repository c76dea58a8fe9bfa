import '#server-only'
import { CLOSED_POLICY } from '#lib/access/content-security-policy.ts'
import { isReadablePath } from '#lib/access/readable-path.ts'
import { catalogue } from '#messages/catalogue.ts'
import type { Locale } from '#messages/routing.ts'
import { senderLocale } from '#messages/sender.ts'
import { log } from '#platform/log.ts'
import { isOverloaded, retryAfter } from '#platform/overload.ts'
import { fromReplica, replicaAsOf } from '#platform/read-replica.ts'
import { withRequestId } from '#platform/request.ts'
import { clientAddress } from './address.ts'
import { retryLater } from './busy.ts'
import { isInstallationSound } from './installation-check.ts'
import { maintenanceWords } from './maintenance.ts'
import { fromOwnSite } from './origin.ts'
import { notFound, problem } from './problem.ts'
import { refused } from './refusal-page.ts'

/** The option of handlers with public data: they read from the replica. */
export const OPEN_DATA = { openData: true } as const

export type RouteHandler<P> = (
  request: Request,
  context: { readonly params: Promise<P> },
) => Promise<Response>

interface Options {
  /**
   * Answers an unexpected error, which is already logged; by default a problem. `seconds`: for `Retry-After`; null if the cause
   * is not overload.
   */
  readonly failed?: (request: Request, seconds: number | null) => Response
  /** Answers a request from another site's page; by default a page. */
  readonly foreign?: (request: Request) => Response
  /** Serves even before the keys and the store are known to match this database. Only for health checks. */
  readonly always?: true
  /** Serves only public data, from the read replica if there is one. */
  readonly openData?: true
}

/** Browsers wrap a PDF in their own document, and some apply the PDF's policy to it. */
const PDF = "frame-ancestors 'none'"

/**
 * Makes a route handler; every handler uses this wrapper (ADR 57). It refuses requests from pages of other sites, adds the
 * request's id to every log line and audit entry, and answers errors with text: 503 with `Retry-After` for overload or a
 * missing database. Its answers have the policy for non-pages.
 */
export function routeHandler<P = Readonly<Record<string, string>>>(
  serve: (request: Request, params: P) => Response | Promise<Response>,
  options: Options = {},
): RouteHandler<P> {
  return (request, { params }) => {
    const requestId = crypto.randomUUID()
    const serveOne = async () => {
      const response = await answer(request, async () => serve(request, await params), options)
      const { headers } = response
      headers.set('x-request-id', requestId)
      if (!headers.has('content-security-policy'))
        headers.set(
          'content-security-policy',
          headers.get('content-type') === 'application/pdf' ? PDF : CLOSED_POLICY,
        )
      return response
    }
    return withRequestId(requestId, serveOne, clientAddress(request.headers))
  }
}

async function answer(
  request: Request,
  serve: () => Promise<Response>,
  { failed, foreign, always, openData }: Options,
): Promise<Response> {
  const { pathname, search } = new URL(request.url)
  if (!isReadablePath(pathname) || search.includes('%00')) return notFound('see /api/openapi.json')
  const locale = senderLocale(request)
  const paused = always ? null : maintenanceWords(locale)
  if (paused !== null) return refusedWhilePaused(request, locale, paused)
  if (!isInstallationSound() && !always) return retryLater(request, locale, { status: 503, seconds: 5 })
  // Unlike cookies, an API key is never sent by a page of another site.
  if (!request.headers.has('authorization') && !fromOwnSite(request))
    return foreign ? foreign(request) : refused(locale, catalogue[locale].errors.origin, 403)
  try {
    return await (openData ? fromReplica(() => dated(serve)) : serve())
  } catch (err) {
    const seconds = isOverloaded(err) ? err.retryAfterSeconds : retryAfter()
    if (seconds === null || failed) log().error({ err }, 'a route handler failed')
    if (failed) return failed(request, seconds)
    return seconds === null ? problem(FAILED) : retryLater(request, locale, { status: 503, seconds })
  }
}

/** Adds the time of the data if the replica is behind. */
async function dated(serve: () => Promise<Response>): Promise<Response> {
  const response = await serve()
  const asOf = replicaAsOf()
  if (asOf) response.headers.set('x-data-as-of', asOf.toISOString())
  return response
}

/** Answers a browser with the maintenance page, a program with a problem. */
function refusedWhilePaused(
  request: Request,
  locale: Locale,
  { words, seconds }: NonNullable<ReturnType<typeof maintenanceWords>>,
): Response {
  const retry = { 'retry-after': String(seconds) }
  return (request.headers.get('accept') ?? '').includes('text/html')
    ? refused(locale, words, 503, retry)
    : problem({ status: 503, code: 'maintenance', title: 'The site is being maintained' }, retry)
}

const FAILED = {
  status: 500,
  code: 'internal',
  title: 'This failed on our side',
  detail: 'Try again later; nothing of it was kept half.',
}

/**
 * Makes the handler for the methods that a path does not support. It lists the supported ones, also for OPTIONS, where Next
 * would list these handlers too.
 */
const without = (allow: string): RouteHandler<unknown> =>
  routeHandler<unknown>(
    ({ method }) =>
      method === 'OPTIONS'
        ? new Response(null, { status: 204, headers: { allow: `${allow}, OPTIONS` } })
        : problem(
            { status: 405, code: 'method-not-allowed', title: 'This path does not have that method' },
            { allow },
          ),
    { always: true },
  )

const onlyRead = without('GET, HEAD')
/** The other methods of a path that only reads. Next answers HEAD with its GET. */
export const READ_ONLY = {
  POST: onlyRead,
  PUT: onlyRead,
  PATCH: onlyRead,
  DELETE: onlyRead,
  OPTIONS: onlyRead,
} as const

const onlyPost = without('POST')
export const POST_ONLY = {
  GET: onlyPost,
  HEAD: onlyPost,
  PUT: onlyPost,
  PATCH: onlyPost,
  DELETE: onlyPost,
  OPTIONS: onlyPost,
} as const
