import { areAlertsOn, authenticateReceiver } from '#features/alerts/receivers/data.ts'
import { problem } from '#http/problem.ts'
import { type RouteHandler, routeHandler } from '#http/route-handler.ts'

/** Milliseconds. A slower answer may have waited for an alert, and the key may have been revoked meanwhile. */
const WAITED_MS = 500

/** Returns a route handler that serves the receiver whose API key the request has; any other request is refused. */
export const receiverEndpoint = (
  serve: (receiverId: string, request: Request) => Promise<Response>,
): RouteHandler<unknown> =>
  routeHandler(async (request) => {
    if (!areAlertsOn()) return problem({ status: 404, code: 'not-found', title: 'There is nothing here' })
    const apiKey = /^Bearer +(\S{1,200})$/i.exec(request.headers.get('authorization') ?? '')?.[1]
    const receiverId = await admit(apiKey)
    if (receiverId === null) return refused()
    const began = performance.now()
    const response = await serve(receiverId, request)
    if (request.method === 'HEAD') return new Response(null, response)
    if (request.method !== 'GET' || performance.now() - began < WAITED_MS) return response
    return (await admit(apiKey)) === receiverId ? response : refused()
  })

const admit = (apiKey: string | undefined): Promise<string | null> =>
  apiKey === undefined ? Promise.resolve(null) : authenticateReceiver(apiKey, new Date())

const refused = () =>
  problem(
    { status: 401, code: 'unauthorized', title: 'Show a live API key as Authorization: Bearer KEY' },
    { 'www-authenticate': 'Bearer realm="alerts"' },
  )
