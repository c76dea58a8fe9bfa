import '#server-only'
import { senderLocale } from '#messages/sender.ts'
import { log } from '#server/platform/log.ts'
import { withRequestId } from '#server/platform/request.ts'
import { unlessBusy } from './busy.ts'
import { problem } from './problem.ts'

type Params = Readonly<Record<string, string>>
interface Context<P> {
  readonly params: Promise<P>
}
export type RouteHandler<P> = (request: Request, context: Context<P>) => Promise<Response>

/**
 * Makes a route handler of an interface for programs: every log line and audit entry carries the request's id, and
 * whatever fails unexpectedly is logged and answered as a problem, never as a page.
 */
export function apiHandler<P = Params>(
  serve: (request: Request, params: P) => Promise<Response>,
): RouteHandler<P> {
  return (request, { params }) => {
    const requestId = crypto.randomUUID()
    return withRequestId(requestId, async () => {
      const response = await answer(() =>
        unlessBusy(request, senderLocale(request), async () => serve(request, await params)),
      )
      response.headers.set('x-request-id', requestId)
      response.headers.set('x-content-type-options', 'nosniff')
      return response
    })
  }
}

async function answer(serve: () => Promise<Response>): Promise<Response> {
  try {
    return await serve()
  } catch (err) {
    log().error({ err }, 'an interface failed')
    return problem({
      status: 500,
      code: 'internal',
      title: 'This failed on our side',
      detail: 'Try again later; nothing of it was kept half.',
    })
  }
}

/** The answer to a method that a path does not have. */
export const methodNotAllowed = (allow: string): RouteHandler<unknown> =>
  apiHandler<unknown>(async () =>
    problem(
      { status: 405, code: 'method-not-allowed', title: 'This path does not have that method' },
      { allow },
    ),
  )
