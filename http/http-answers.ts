import '#server-only'
import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { CLOSED_POLICY } from '#lib/access/content-security-policy.ts'
import { isReadablePath } from '#lib/access/readable-path.ts'
import { staleFormRedirect } from '#lib/stale-form.ts'
import { catalogue } from '#messages/catalogue.ts'
import { splitLocale } from '#messages/paths.ts'
import { log } from '#platform/log.ts'
import { noteRequest } from '#platform/overload.ts'
import { recordPeer } from './address.ts'
import { rememberServer } from './own-request.ts'
import { refusalPage } from './refusal-page.ts'
import type { RouteOf } from './request-route.ts'
import { followRequest } from './shutdown.ts'

/*
 * What neither proxy.ts nor a page can do in Next 16 (ADR 57), done on Node's own channel for new requests. It grants and
 * refuses no access:
 * - Next does not expose a request's socket, and fills X-Forwarded-For only if the client did not send it.
 * - Without a script, a page that throws is a 500 with an empty body, for any reason.
 * - Next trusts its internal headers from outside: one of them makes it answer `{}` (vercel/next.js#52515).
 * - Next's own redirect, for an address with two slashes, has no policy.
 * - A page's redirect in answer to a form is a 307, so the browser would send the form again.
 * - A form of an earlier build gets a single bare line.
 * - A form whose hidden React field was edited may never get an answer.
 */

/** Marks Next's bare answer to a form whose action it does not know. */
const UNKNOWN_ACTION = 'x-nextjs-action-not-found'

/** Milliseconds for a page once its request has arrived. Handlers stream and poll, and have their own limits. */
const DEADLINE = 30_000

const POLICY = 'content-security-policy'

const WORDS = { 400: 'malformed', 404: 'missing', 405: 'method', 416: 'malformed', 503: 'busy' } as const
type Status = keyof typeof WORDS | 500

const shared = globalThis as { antamAnswers?: true }

/**
 * Corrects the answers to every request that this process receives from now on. The log uses the route of `routeOf`, not the
 * address.
 */
export function completeAnswers(routeOf: RouteOf, deadline = DEADLINE): void {
  if (shared.antamAnswers) return
  shared.antamAnswers = true
  subscribe('http.server.request.start', (message) => {
    const { request, response, server } = message as {
      request: IncomingMessage
      response: ServerResponse
      server: Server
    }
    followRequest(server, response)
    dropInternalHeaders(request)
    recordPeer(request)
    rememberServer(server)
    complete(request, response, routeOf, deadline)
  })
}

/** Removes headers that only Next itself may send. Its development server needs them. */
function dropInternalHeaders({ headers }: IncomingMessage): void {
  if (process.env.NODE_ENV !== 'production') return
  for (const name of Object.keys(headers)) if (/^x-(middleware|nextjs)-/.test(name)) delete headers[name]
}

function complete(request: IncomingMessage, response: ServerResponse, routeOf: RouteOf, deadline: number) {
  const notes = noteRequest()
  const path = request.url?.split('?', 1)[0] ?? '/'
  const forProgram = /^\/(api|_next)\//.test(path)
  const byScript = request.headers['next-action'] !== undefined || request.headers.rsc !== undefined
  const byForm = request.method === 'POST' && !byScript
  const writeHead = response.writeHead.bind(response) as (
    status: number,
    ...rest: unknown[]
  ) => ServerResponse
  const write = response.write.bind(response) as (...args: unknown[]) => boolean
  const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse
  let ended = false

  /** Ends the answer with a page or a problem, and drops later writes. */
  function endWith(status: Status): ServerResponse {
    if (notes.retryAfterSeconds !== null) response.setHeader('retry-after', notes.retryAfterSeconds)
    for (const name of ['content-encoding', 'transfer-encoding', 'etag']) response.removeHeader(name)
    const { headers, body } = forProgram ? toProgram(status) : toReader(status, path)
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    response.setHeader('content-length', Buffer.byteLength(body))
    ended = true
    writeHead(status)
    end(body)
    return response
  }

  /** Returns the correct status for a 500 of Next: a faulty request, overload, or our own fault. */
  function reason(): Status {
    if (request.method === 'TRACE') return 405
    if (!isReadablePath(path)) return 404
    if (request.headers.range !== undefined && /^\/(_next\/static\/|[\w-]+\.\w+$)/.test(path)) return 416
    if (notes.retryAfterSeconds !== null) return 503
    // Every action of ours handles its own errors (action.ts). If none was reached, the form could not be read.
    const toAction = byScript || request.headers['content-type']?.startsWith('multipart/')
    return request.method === 'POST' && toAction && !notes.actionBegan ? 400 : 500
  }

  /** Adds the closed policy to a redirect without one; pages and handlers set their own. */
  function closeRedirect(status: number): void {
    if (status === 308 && !response.hasHeader(POLICY)) response.setHeader(POLICY, CLOSED_POLICY)
  }

  function head(status: number, rest: unknown[]): ServerResponse {
    closeRedirect(status)
    if (byForm && response.hasHeader(UNKNOWN_ACTION)) {
      response.removeHeader(UNKNOWN_ACTION)
      response.setHeader('location', staleFormRedirect(request.url ?? '/'))
      return writeHead(303, ...rest)
    }
    if (byForm && status === 307) return writeHead(303, ...rest)
    if (status !== 500 || process.env.NODE_ENV !== 'production') return writeHead(status, ...rest)
    const told = reason()
    const inWords = /^application\//.test(String(response.getHeader('content-type') ?? ''))
    if (!byScript && !inWords) return endWith(told)
    if (told === 503) response.setHeader('retry-after', notes.retryAfterSeconds ?? 0)
    return writeHead(told, ...rest)
  }

  response.writeHead = (status: number, ...rest: unknown[]) => (ended ? response : head(status, rest))
  response.write = ((...args: unknown[]) => {
    if (!response.headersSent) response.writeHead(response.statusCode)
    return ended || write(...args)
  }) as ServerResponse['write']
  response.end = ((...args: unknown[]) => {
    if (!response.headersSent) closeRedirect(response.statusCode)
    // Only for errors: in other answers Node sets the length of a body that is passed to `end`.
    if (!response.headersSent && response.statusCode >= 500) response.writeHead(response.statusCode)
    if (!ended) return end(...args)
    for (const done of args) if (typeof done === 'function') done()
    return response
  }) as ServerResponse['end']

  if (forProgram) return
  const timer = setTimeout(() => {
    // Node itself ends a request that is still arriving (`requestTimeout`).
    if (!request.complete) return timer.refresh()
    if (response.headersSent) return
    log().error({ route: routeOf(path) }, 'a request was not answered in time')
    notes.retryAfterSeconds ??= 5
    endWith(503)
  }, deadline).unref()
  response.once('close', () => clearTimeout(timer))
}

function toReader(status: Status, path: string) {
  const { locale } = splitLocale(path)
  const { broken, errors } = catalogue[locale]
  return refusalPage(
    locale,
    status === 500 ? { ...broken, text: `${broken.text} ${broken.wait}` } : errors[WORDS[status]],
  )
}

function toProgram(status: Status) {
  const title = status === 500 ? 'This failed on our side' : catalogue.en.errors[WORDS[status]].title
  const headers = {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    [POLICY]: CLOSED_POLICY,
  }
  return { headers, body: JSON.stringify({ type: 'about:blank', status, title }) }
}
