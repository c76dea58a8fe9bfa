import '#server-only'
import { senderLocale } from '#messages/sender.ts'
import { retryLater } from './busy.ts'
import { type RouteHandler, routeHandler } from './route-handler.ts'

/** Redirects to the next page after a form. With 303, reloading does not send the form again. */
export const seeOther = (path: string): Response =>
  new Response(null, { status: 303, headers: { location: path, 'cache-control': 'no-store' } })

/** Seconds until files that could not be stored may be sent again. */
const STORE_RETRY = 10

/**
 * Returns 503 for a program whose files could not be stored, such as our own upload script, whose page keeps all input. Null
 * for a browser without a script, which gets the form again with its input.
 */
export const notStored = (request: Request): Response | null =>
  isProgram(request)
    ? retryLater(request, senderLocale(request), { status: 503, seconds: STORE_RETRY })
    : null

const isProgram = (request: Request): boolean => !(request.headers.get('accept') ?? '').includes('text/html')

/**
 * Makes the route handler of a posted form. `failed` answers unexpected errors instead of an empty 500. A program gets 503 if
 * the server is overloaded.
 */
export const formPost = <P>(serve: {
  readonly post: (request: Request, params: P) => Promise<Response>
  readonly failed: (request: Request) => Response
  readonly foreign?: (request: Request) => Response
}): RouteHandler<P> =>
  routeHandler<P>(async (request, params) => forScript(request, await serve.post(request, params)), {
    failed: (request, seconds) =>
      seconds !== null && isProgram(request)
        ? retryLater(request, senderLocale(request), { status: 503, seconds })
        : forScript(request, serve.failed(request)),
    ...(serve.foreign && { foreign: serve.foreign }),
  })

/**
 * Returns the redirect's address as JSON for our own upload script, and any other answer unchanged. The script navigates by
 * itself, so that the page is loaded only once.
 */
function forScript(request: Request, answer: Response): Response {
  const location = answer.headers.get('location')
  if (location === null || request.headers.get('accept') !== 'application/json') return answer
  const headers = new Headers(answer.headers)
  headers.delete('location')
  return Response.json({ location }, { headers })
}
