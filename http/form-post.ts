import '#server-only'
import { senderLocale } from '#messages/sender.ts'
import { retryLater } from './busy.ts'
import { type RouteHandler, routeHandler } from './route-handler.ts'

/** Sends a form's sender on to the next page: 303, so that reloading sends nothing again. */
export const seeOther = (path: string): Response =>
  new Response(null, { status: 303, headers: { location: path, 'cache-control': 'no-store' } })

/** Seconds after which files that the store did not take may be sent again. */
const STORE_RETRY = 10

/**
 * Returns 503 for a program whose files could not be stored. Our own upload script is one: its page stays with all that
 * was chosen and typed. Null for a browser without a script, whose form is shown again with what was typed.
 */
export const notStored = (request: Request): Response | null =>
  isProgram(request)
    ? retryLater(request, senderLocale(request), { status: 503, seconds: STORE_RETRY })
    : null

const isProgram = (request: Request): boolean => !(request.headers.get('accept') ?? '').includes('text/html')

/**
 * Makes the route handler of a form that a browser posts. `failed` answers an unexpected error, in place of an empty
 * 500. A program gets 503 where the server is overloaded.
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
 * Returns the next page's address as JSON where our own upload script asks, and any other answer as it is. The
 * script goes there itself, so that the page is loaded once.
 */
function forScript(request: Request, answer: Response): Response {
  const location = answer.headers.get('location')
  if (location === null || request.headers.get('accept') !== 'application/json') return answer
  const headers = new Headers(answer.headers)
  headers.delete('location')
  return Response.json({ location }, { headers })
}
