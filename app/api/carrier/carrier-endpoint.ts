import { enterWithKey } from '#features/exchange/commands/keys.ts'
import { wayOf } from '#features/exchange/rules/ways.ts'
import { problem } from '#http/problem.ts'
import { methodNotAllowed, type RouteHandler, routeHandler } from '#http/route-handler.ts'

/** A route handler that serves the carrier whose key the request bears, and nobody else. */
export const carrierEndpoint = <P>(
  serve: (carrierId: string, request: Request, params: P) => Promise<Response>,
): RouteHandler<P> =>
  routeHandler<P>(async (request, params) => {
    const apiKey = /^Bearer +(\S{1,200})$/i.exec(request.headers.get('authorization') ?? '')?.[1]
    const holder = apiKey === undefined ? null : await enterWithKey(apiKey, new Date())
    // Two ways at once would be two books: what the letters say would have been blocked by the interface before.
    if (holder && wayOf(holder.way).answers === 'paper') return problem(BY_LETTER)
    if (holder !== null) return serve(holder.carrierId, request, params)
    return problem(
      { status: 401, code: 'unauthorized', title: 'Show a live API key as Authorization: Bearer KEY' },
      { 'www-authenticate': 'Bearer realm="carrier"' },
    )
  })

const BY_LETTER = {
  status: 403,
  code: 'by-letter',
  title: 'Your orders come by letter now',
  detail:
    'The relay has set this carrier to letters, so its keys open nothing. Answer on paper, or ask the relay to change the way back: the keys then work again, and nothing is lost from your book.',
}

/** The handlers of the methods that a path which only reads does not have. */
const onlyGet = methodNotAllowed('GET')
export const READ_ONLY = { HEAD: onlyGet, POST: onlyGet, PUT: onlyGet, PATCH: onlyGet, DELETE: onlyGet }
const onlyPost = methodNotAllowed('POST')
export const POST_ONLY = { GET: onlyPost, HEAD: onlyPost, PUT: onlyPost, PATCH: onlyPost, DELETE: onlyPost }

export const beyondHead = (detail: string): Response =>
  problem({ status: 409, code: 'beyond-head', title: 'Your sequence does not reach that far', detail })
