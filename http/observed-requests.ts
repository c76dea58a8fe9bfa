import '#server-only'
import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { log } from '#platform/log.ts'
import { processMetrics } from '#platform/metrics.ts'
import type { RouteOf } from './request-route.ts'

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** This route's answers stay open, so their duration means nothing. */
const STREAM = '/api/staff/events'

const shared = globalThis as { antamObserved?: true }

interface Observed {
  readonly routeOf: RouteOf
  /** Requests to this port do not belong to the site. */
  readonly notPort: number | undefined
  readonly accessLog: boolean
}

/**
 * Counts and times each request from now on by its route, and writes a line to the access log if enabled. Never records the
 * address or the client. Must start before http-answers.ts, so that it sees the final status.
 */
export function observeRequests(observed: Observed): void {
  if (shared.antamObserved) return
  shared.antamObserved = true
  subscribe('http.server.request.start', (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse }
    const { localPort } = request.socket
    // A request without a port came through a socket file, from the process that sums up the metrics.
    if (localPort !== undefined && localPort !== observed.notPort) observe(request, response, observed)
  })
}

function observe(request: IncomingMessage, response: ServerResponse, { routeOf, accessLog }: Observed): void {
  const began = performance.now()
  const route = routeOf(request.url?.split('?', 1)[0] ?? '/')
  const method = METHODS.has(request.method ?? '') ? (request.method ?? '') : 'other'
  const figures = processMetrics()
  figures?.requestsInFlight.inc()
  if (route === STREAM) figures?.eventStreams.inc()
  // The status that is sent: Next sets `statusCode` again after http-answers.ts has answered in its place.
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse
  let sent: number | undefined
  response.writeHead = (...args: unknown[]) => {
    sent = Number(args[0])
    return writeHead(...args)
  }
  response.once('close', () => {
    const seconds = (performance.now() - began) / 1000
    // `cut`: the client disconnected before there was an answer.
    const status = response.headersSent ? String(sent ?? response.statusCode) : 'cut'
    figures?.requestsInFlight.dec()
    if (route === STREAM) figures?.eventStreams.dec()
    else figures?.requestSeconds.observe({ route, method }, seconds)
    figures?.requests.inc({ route, method, status })
    if (!accessLog) return
    const requestId = response.getHeader('x-request-id')
    const ms = Math.round(seconds * 1000)
    log().info({ route, method, status, ms, ...(typeof requestId === 'string' && { requestId }) }, 'request')
  })
}
