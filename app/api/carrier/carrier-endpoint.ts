import { apiHandler, methodNotAllowed, type RouteHandler } from '#server/entry/api.ts'
import { problem } from '#server/entry/problem.ts'
import { enterWithKey } from '#server/exchange/commands/keys.ts'

/** A route handler that serves the carrier whose key the request bears, and nobody else. */
export const carrierEndpoint = <P>(
  serve: (carrierId: string, request: Request, params: P) => Promise<Response>,
): RouteHandler<P> =>
  apiHandler<P>(async (request, params) => {
    const apiKey = /^Bearer +(\S{1,200})$/i.exec(request.headers.get('authorization') ?? '')?.[1]
    const carrierId = apiKey === undefined ? null : await enterWithKey(apiKey, new Date())
    if (carrierId !== null) return serve(carrierId, request, params)
    return problem(
      { status: 401, code: 'unauthorized', title: 'Show a live API key as Authorization: Bearer KEY' },
      { 'www-authenticate': 'Bearer realm="carrier"' },
    )
  })

/** The handlers of the methods that a path which only reads does not have. */
const onlyGet = methodNotAllowed('GET')
export const READ_ONLY = { HEAD: onlyGet, POST: onlyGet, PUT: onlyGet, PATCH: onlyGet, DELETE: onlyGet }
const onlyPost = methodNotAllowed('POST')
export const POST_ONLY = { GET: onlyPost, HEAD: onlyPost, PUT: onlyPost, PATCH: onlyPost, DELETE: onlyPost }

export const beyondHead = (detail: string): Response =>
  problem({ status: 409, code: 'beyond-head', title: 'Your sequence does not reach that far', detail })
