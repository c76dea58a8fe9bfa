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
 * What neither proxy.ts nor a page can do in Next 16 (ADR 57), on Node's own channel for requests that begin. It lets
 * nobody in and refuses nobody:
 * - Next tells nobody a request's socket, and fills X-Forwarded-For only where the client left it out.
 * - A page that throws is a 500 with an empty body where there is no script, for any reason.
 * - Headers by which its own parts speak with each other are believed from outside: one of them makes it answer `{}`
 *   (vercel/next.js#52515).
 * - A redirect of its own, for an address with two slashes, has no policy.
 * - A redirect by a page in answer to a form is a 307: the browser would send the form again.
 * - A form of an earlier build is answered with one bare line.
 * - A hidden field of React's that was edited may wait for ever for what never comes.
 */

/** The header by which Next marks its bare answer to a form for an action that it does not know. */
const UNKNOWN_ACTION = 'x-nextjs-action-not-found'

/**
 * The time that a page may take once its request is here, in milliseconds. Handlers stream and poll, and have limits of
 * their own.
 */
const DEADLINE = 30_000

const POLICY = 'content-security-policy'

const WORDS = { 400: 'malformed', 404: 'missing', 405: 'method', 416: 'malformed', 503: 'busy' } as const
type Status = keyof typeof WORDS | 500

const shared = globalThis as { antamAnswers?: true }

/** Completes the answers to every request that this process receives from now on. The log names an address by `routeOf`. */
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

/** Drops what only Next itself may say. Its development server speaks with the browser by such headers. */
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

  /** Ends the answer with a page or a problem; what is written to it afterwards is dropped. */
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

  /** Returns the status in place of a 500 of Next, by its cause: a faulty request, overload, or a fault of ours. */
  function reason(): Status {
    if (request.method === 'TRACE') return 405
    if (!isReadablePath(path)) return 404
    if (request.headers.range !== undefined && /^\/(_next\/static\/|[\w-]+\.\w+$)/.test(path)) return 416
    if (notes.retryAfterSeconds !== null) return 503
    // Every action of ours answers what fails in it (action.ts): none was reached, so the form could not be read.
    const toAction = byScript || request.headers['content-type']?.startsWith('multipart/')
    return request.method === 'POST' && toAction && !notes.actionBegan ? 400 : 500
  }

  /** Closes a redirect that came without a policy; pages and handlers have their own. */
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
    // Only for errors: for other answers Node sets the length of a body that comes with the end.
    if (!response.headersSent && response.statusCode >= 500) response.writeHead(response.statusCode)
    if (!ended) return end(...args)
    for (const done of args) if (typeof done === 'function') done()
    return response
  }) as ServerResponse['end']

  if (forProgram) return
  const timer = setTimeout(() => {
    // A request that is still arriving is ended by Node (`requestTimeout`).
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
  return refusalPage(
    locale,
    status === 500 ? catalogue[locale].broken : catalogue[locale].errors[WORDS[status]],
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
