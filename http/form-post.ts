import '#server-only'
import { type RouteHandler, routeHandler } from './route-handler.ts'

/** Sends a form's sender on to the next page: 303, so that reloading sends nothing again. */
export const seeOther = (path: string): Response =>
  new Response(null, { status: 303, headers: { location: path, 'cache-control': 'no-store' } })

/** Makes the route handler of a form that a browser posts. `failed` answers what failed unexpectedly, never an empty 500. */
export const formPost = <P>(serve: {
  readonly post: (request: Request, params: P) => Promise<Response>
  readonly failed: (request: Request) => Response
  readonly foreign?: (request: Request) => Response
}): RouteHandler<P> =>
  routeHandler<P>(async (request, params) => forScript(request, await serve.post(request, params)), {
    failed: (request) => forScript(request, serve.failed(request)),
    ...(serve.foreign && { foreign: serve.foreign }),
  })

/** Our own upload script asks for the next page's address: it goes there itself, so that the page is loaded once. */
function forScript(request: Request, answer: Response): Response {
  const location = answer.headers.get('location')
  if (location === null || request.headers.get('accept') !== 'application/json') return answer
  const headers = new Headers(answer.headers)
  headers.delete('location')
  return Response.json({ location }, { headers })
}
