import '#server-only'
import { log } from '#server/platform/log.ts'
import { withRequestId } from '#server/platform/request.ts'
import { fromOwnSite } from './origin.ts'

/** Where a form's sender goes next: 303, so that reloading sends nothing again. */
export const seeOther = (path: string): Response =>
  new Response(null, { status: 303, headers: { location: path, 'cache-control': 'no-store' } })

/**
 * Makes a route handler that somebody's browser is led through: an unexpected failure is logged under the request's id
 * and answered by `failed`. Never an empty 500.
 */
export const throughHandler =
  (
    serve: (request: Request) => Promise<Response>,
    failed: (request: Request) => Response,
  ): ((request: Request) => Promise<Response>) =>
  (request) =>
    withRequestId(crypto.randomUUID(), async () => {
      try {
        return await serve(request)
      } catch (err) {
        log().error({ err }, 'a form failed')
        return failed(request)
      }
    })

/** The same for a form: another site's post is answered by `foreign`. */
export const formPost = (serve: {
  readonly post: (request: Request) => Promise<Response>
  readonly foreign: (request: Request) => Response
  readonly failed: (request: Request) => Response
}): ((request: Request) => Promise<Response>) =>
  throughHandler(
    async (request) =>
      fromOwnSite(request) ? forScript(request, await serve.post(request)) : serve.foreign(request),
    (request) => forScript(request, serve.failed(request)),
  )

/** Our own upload script asks for the next page's address: it goes there itself, so that the page is loaded once. */
function forScript(request: Request, answer: Response): Response {
  const location = answer.headers.get('location')
  if (location === null || request.headers.get('accept') !== 'application/json') return answer
  const headers = new Headers(answer.headers)
  headers.delete('location')
  return Response.json({ location }, { headers })
}
